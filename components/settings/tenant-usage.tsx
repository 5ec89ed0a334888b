import type { ReactNode } from 'react'
import { tierWords } from '#components/tenant/tier-words'
import { Meter } from '#components/ui/meter'
import { Section } from '#components/ui/section'
import { tiers, type Tier } from '#lib/tenants/tier'
import type { TenantView } from '#lib/tenants/tenant'

/** The tier and how much of it is used; what has no cap says so. */
export function TenantUsage({ tenant, action }: { tenant: TenantView; action: ReactNode }): ReactNode {
  const { tier, usage } = tenant
  const { used, cap } = usage.customEnvironments
  const free = [
    ['Environments', usage.environments],
    ['Applications', usage.applications],
    ['Members', usage.members],
  ] as const
  return (
    <Section title={`Tier ${tier}`} aside={action} isBoxed>
      {(tiers as readonly string[]).includes(tier) && <p className="mb-3 text-ink-2">{tierWords(tier as Tier)}</p>}
      <div className="grid max-w-md gap-3">
        {cap === 0 && used === 0 ? (
          <Meter label="Custom environments" value={0} max={null} words="none in this tier" />
        ) : (
          <Meter label="Custom environments" value={used} max={cap} words={cap === null ? `${used}, no cap` : `${used} of ${cap}`} />
        )}
        {free.map(([label, count]) => (
          <Meter key={label} label={label} value={count} max={null} words={`${count}, no cap`} />
        ))}
      </div>
    </Section>
  )
}
