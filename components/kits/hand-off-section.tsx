'use client'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { RelativeTime } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import { Status } from '#components/ui/status'
import { handOffAreas } from '#lib/kits/hand-off'
import type { KitView } from '#lib/kits/kit'

/** Who took it over, with what was said; before that, what is missing. Always the five guides. */
export function HandOffSection({ tenant, view }: { tenant: string; view: KitView }): ReactNode {
  const { handOff, missingForHandOff, guides } = view
  return (
    <Section title="Hand-off" isBoxed>
      <div className="grid gap-3">
        {handOff ? (
          <>
            <p>
              <Status tone="ok">taken over</Status> by {handOff.team}: {handOff.acceptedBy.name}, <RelativeTime at={handOff.acceptedAt} />
            </p>
            <dl className="grid gap-1.5 text-sm">
              {handOffAreas.map(({ id, title }) => (
                <div key={id} className="grid grid-cols-[112px_1fr] gap-2">
                  <dt className="text-ink-3">{title}</dt>
                  <dd className="break-words whitespace-pre-wrap">{handOff.areas[id]}</dd>
                </div>
              ))}
            </dl>
          </>
        ) : (
          <p className="text-ink-2">
            Ownership stays with those who release until a team takes it over.
            {missingForHandOff.length > 0 && ` It is refused while this is missing: ${missingForHandOff.join(', ')}.`}
          </p>
        )}
        <nav aria-label="Guides" className="grid justify-items-start">
          {guides.map(({ id, title }) => (
            <Link key={id} href={`/t/${encodeURIComponent(tenant)}/kits/guides/${id}`} className="py-1 font-[550] text-accent hover:underline">
              {title}
            </Link>
          ))}
        </nav>
      </div>
    </Section>
  )
}
