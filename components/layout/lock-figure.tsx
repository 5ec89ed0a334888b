import type { ReactNode } from 'react'
import { faceOf } from '#components/ui/digest-mark'

/** SHA-256 of nothing at all: a face that belongs to no release. */
const digest = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
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
  return (
    <g>
      <path
        d={`M${x} ${y + 8}c9-7 18-7 27 0s18 7 27 0 18-7 27 0 18 7 27 0 12-4 12-4`}
        fill="none"
        stroke="var(--accent)"
        strokeWidth="2"
        strokeLinecap="round"
      />
      <path
        d={`M${x - 16} ${y - 64}V${y + 56}H${x + 136}V${isLast ? y - 64 : y - 34}`}
        fill="none"
        stroke="var(--line-strong)"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
      <g opacity={opacity}>
        <rect x={x + 32} y={y - 56} width="56" height="56" rx="10" fill="var(--surface)" stroke="var(--line-strong)" strokeWidth="1.5" />
        <Face x={x + 44} y={y - 44} />
      </g>
      <text x={x} y={y + 40} fill="var(--ink-3)" fontSize="13" fontFamily="var(--font-text)">
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
