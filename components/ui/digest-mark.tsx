import type { ReactNode } from 'react'

export interface Face {
  /** Degrees in OKLCH, one of twelve. */
  hue: number
  /** The left half, rows from the top, two pixels each; the right half mirrors it. */
  pixels: readonly boolean[]
}

/** The face of a digest (`sha256:…` or its hex): the same bytes look the same in every column. null when it is no digest. */
export function faceOf(digest: string): Face | null {
  const hex = /^(?:[a-z0-9+._-]+:)?([0-9a-f]{6})[0-9a-f]*$/i.exec(digest)?.[1]
  if (hex === undefined) return null
  const bits = Number.parseInt(hex, 16)
  // A face without a pixel would read as a missing one.
  const shape = (bits & 0xff) === 0 ? 0xff : bits & 0xff
  return { hue: (Math.floor(bits / 97) % 12) * 30, pixels: Array.from({ length: 8 }, (_, index) => ((shape >> index) & 1) === 1) }
}

/** 4×4 mirrored pixels. Decorative: the digest itself, in words, stands beside it. */
export function DigestMark({ digest, size = 16 }: { digest: string; size?: 16 | 20 | 28 }): ReactNode {
  const face = faceOf(digest)
  if (!face) return null
  const colour = `oklch(.62 .13 ${face.hue})`
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill={colour}
      shapeRendering="crispEdges"
      style={{ flex: 'none', borderRadius: size >= 28 ? 6 : 4, background: `color-mix(in oklch, ${colour} 22%, var(--surface))` }}
    >
      {face.pixels.flatMap((isOn, index) => (isOn ? pair(index) : []))}
    </svg>
  )
}

function pair(index: number): ReactNode[] {
  const x = (index % 2) * 4
  const y = Math.floor(index / 2) * 4
  return [<rect key={`l${index}`} x={x} y={y} width="4" height="4" />, <rect key={`r${index}`} x={12 - x} y={y} width="4" height="4" />]
}
