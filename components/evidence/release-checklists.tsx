'use client'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { checklistHref, signOffLook } from '#components/evidence/checklist-words'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { Loaded } from '#components/ui/loaded'
import { Section } from '#components/ui/section'
import { Status } from '#components/ui/status'
import type { ChecklistSummary } from '#lib/evidence/checklist-view'

/** The checklists of a release, by environment. */
export function ReleaseChecklists({ tenant, application, release }: { tenant: string; application: string; release: string }): ReactNode {
  const query = useApi<{ items: ChecklistSummary[] }>(tenantKey(tenant, 'release', 'checklists', application), tenantPath(tenant, 'checklists'), {
    query: { application },
  })
  return (
    <Section title="Evidence" isBoxed>
      <Loaded query={query} label="Loading the checklists" rows={1}>
        {({ items }) => {
          const own = items.filter((one) => one.release.name === release)
          if (own.length === 0) return <p className="text-ink-3">Nothing is known yet: a checklist begins when it is rolled out.</p>
          return (
            <ul className="grid gap-2">
              {own.map((one) => (
                <li key={one.environment.slug} className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
                  <Link
                    className="font-[550] text-accent hover:underline"
                    href={checklistHref(tenant, { application, environment: one.environment.slug, release })}
                  >
                    Checklist of {one.environment.slug}
                  </Link>
                  <span className="text-ink-2 tabular-nums">
                    {one.settled} of {one.total} settled
                  </span>
                  <Status tone={signOffLook[one.signOffState].tone}>{signOffLook[one.signOffState].word}</Status>
                  {one.isAtRisk && <Status tone="bad">evidence at risk</Status>}
                </li>
              ))}
            </ul>
          )
        }}
      </Loaded>
    </Section>
  )
}
