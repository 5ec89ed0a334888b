'use client'
import { clsx } from 'clsx'
import { useId, type ReactNode } from 'react'
import { tierWords } from '#components/tenant/tier-words'
import { tiers, type Tier } from '#lib/tenants/tier'

/** The tiers, each with the environments that it comes with. */
export function TierChoice({
  value,
  onChange,
  current,
}: {
  value: Tier | undefined
  onChange: (tier: Tier) => void
  current?: string | undefined
}): ReactNode {
  const name = useId()
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1 text-sm font-[550] text-ink-2">Tier</legend>
      {tiers.map((tier) => (
        <label
          key={tier}
          className={clsx(
            'flex cursor-pointer items-start gap-2.5 rounded-2 border px-3 py-2 transition-colors duration-(--quick)',
            tier === value ? 'border-accent bg-accent-soft' : 'hover:border-line-strong',
          )}
        >
          <input type="radio" name={name} value={tier} checked={tier === value} onChange={() => onChange(tier)} className="mt-0.5 accent-accent" />
          <span>
            <span className="font-[570] text-ink">{tier}</span>
            {tier === current && <span className="ml-2 text-sm text-ink-3">now</span>}
            <span className="block text-sm text-ink-2">{tierWords(tier)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
