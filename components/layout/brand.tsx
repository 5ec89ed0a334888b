import type { ReactNode } from 'react'

/** A sealed box, afloat in a lock. */
export function BrandMark({ size = 22 }: { size?: number }): ReactNode {
  return (
    <svg aria-hidden width={size} height={size} viewBox="0 0 22 22" className="shrink-0">
      <rect x="1" y="1" width="20" height="20" rx="5" fill="var(--accent)" />
      <path d="M5 15.5c1.5-1.2 3-1.2 4.5 0s3 1.2 4.5 0 2-1 3-.6" stroke="var(--accent-ink)" strokeWidth="1.5" fill="none" strokeLinecap="round" />
      <rect x="7" y="5.5" width="8" height="6" rx="1.5" fill="var(--accent-ink)" />
    </svg>
  )
}

export function Brand({ size = 22 }: { size?: number }): ReactNode {
  return (
    <span className="flex items-center gap-2.5 text-lg font-[650] tracking-[-0.01em]">
      <BrandMark size={size} />
      Caisson
    </span>
  )
}
