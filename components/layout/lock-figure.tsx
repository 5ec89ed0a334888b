import type { ReactNode } from 'react'
import { faceOf } from '#components/ui/digest-mark'

/** SHA-256 of the word caisson: a face that belongs to no release. */
const digest = 'sha256:f8c1773c8156b7a0f123617ef1e709d75266feaba6ae635a95eebacbffe8fede'
const step = 90
const levels = [
  { name: 'dev', x: 40, y: 300, opacity: 0.35 },
  { name: 'staging', x: 200, y: 210, opacity: 0.6 },
  { name: 'prod', x: 360, y: 120, opacity: 1 },
]

/** One sealed box, raised from level to level without being opened. */
export function LockFigure(): ReactNode {
  return (
    <figure className="grid w-full max-w-130 gap-6">
      <svg aria-hidden viewBox="0 0 520 380" className="w-full">
        {levels.map((level, index) => (
          <Level key={level.name} {...level} isLast={index === levels.length - 1} />
        ))}
      </svg>
      <figcaption className="max-w-90 text-lg text-ink-2">
        <strong className="font-[600] text-ink">Sealed once, raised unchanged.</strong> The digest that passed dev and staging is the one that runs in
        prod.
      </figcaption>
    </figure>
  )
}

function Level({ name, x, y, opacity, isLast }: (typeof levels)[number] & { isLast: boolean }): ReactNode {
  const floor = y + 56
  // The wall between two levels is one wall: it stands on the lower floor.
  const wall = name === 'dev' ? floor : floor + step
  return (
    <g>
      <path d={`M${x - 14} ${y + 4}c12-7 26-7 39 0s26 7 39 0 26-7 39 0 26 7 40 0V${floor}H${x - 14}Z`} fill="var(--accent-soft)" />
      <path d={`M${x - 14} ${y + 4}c12-7 26-7 39 0s26 7 39 0 26-7 39 0 26 7 40 0`} fill="none" stroke="var(--accent)" strokeWidth="1.5" />
      <path
        d={`M${x - 16} ${y - 64}V${wall}M${x - 16} ${floor}H${x + 144}${isLast ? `V${y - 64}` : ''}`}
        fill="none"
        stroke="var(--line-strong)"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
      <g opacity={opacity}>
        <rect x={x + 36} y={y - 50} width="56" height="56" rx="10" fill="var(--surface)" stroke="var(--line-strong)" strokeWidth="1.5" />
        <Face x={x + 48} y={y - 38} />
      </g>
      <text x={x} y={y + 38} fill="var(--ink-3)" fontSize="13" fontFamily="var(--font-text)">
        {name}
      </text>
    </g>
  )
}

function Face({ x, y }: { x: number; y: number }): ReactNode {
  const face = faceOf(digest)
  if (!face) return null
  const side = 8
  const at = (index: number, isMirrored: boolean): number => (isMirrored ? 3 - (index % 2) : index % 2) * side
  return (
    <g fill={`oklch(.62 .13 ${face.hue})`}>
      {face.pixels.flatMap((isOn, index) =>
        isOn
          ? [false, true].map((isMirrored) => (
              <rect key={`${index}${isMirrored}`} x={x + at(index, isMirrored)} y={y + Math.floor(index / 2) * side} width={side} height={side} />
            ))
          : [],
      )}
    </g>
  )
}
