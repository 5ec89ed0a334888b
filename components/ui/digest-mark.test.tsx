import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { DigestMark, faceOf } from '#components/ui/digest-mark'

const hex = '19c4f60'.padEnd(64, 'a')

describe('the face of a digest', () => {
  it('is the same for the same bytes, with or without the name of the algorithm and in either case', () => {
    expect(faceOf(`sha256:${hex}`)).toEqual(faceOf(hex))
    expect(faceOf(hex.toUpperCase())).toEqual(faceOf(hex))
    expect(renderToStaticMarkup(<DigestMark digest={hex} />)).toBe(renderToStaticMarkup(<DigestMark digest={`sha256:${hex}`} />))
  })

  it('is drawn from the first three bytes, as in the drawings of the board', () => {
    expect(faceOf('19c4f60')).toEqual({ hue: 300, pixels: [false, true, true, false, true, true, true, true] })
    expect(faceOf('e0772da')).toEqual({ hue: 330, pixels: [true, false, true, true, false, true, false, false] })
  })

  it('has twelve hues, and never no pixel at all', () => {
    const faces = Array.from({ length: 20_000 }, (_, n) => faceOf((n * 839).toString(16).padStart(6, '0')))
    expect(new Set(faces.map((face) => face?.hue)).size).toBe(12)
    expect(faces.every((face) => face?.pixels.some(Boolean))).toBe(true)
  })

  it('is mirrored: every pixel on the left has its twin on the right', () => {
    const xs = [...renderToStaticMarkup(<DigestMark digest={hex} />).matchAll(/<rect x="(\d+)" y="(\d+)"/g)].map(([, x, y]) => `${x},${y}`)
    expect(xs.length).toBeGreaterThan(0)
    for (const at of xs) {
      const [x, y] = at.split(',')
      expect(xs).toContain(`${12 - Number(x)},${y}`)
    }
  })

  it('is nothing for what is no digest', () => {
    for (const text of ['', 'v1.2.3', 'sha256:', '12345', 'sha256:zzzzzz', 'a b c d e f']) expect(faceOf(text)).toBeNull()
  })
})
