'use client'
import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { EmptyState } from '#components/ui/empty-state'
import { Loaded } from '#components/ui/loaded'
import { Section } from '#components/ui/section'
import { Status } from '#components/ui/status'
import type { ArtifactDiff, KitDiffView } from '#lib/kits/kit-diff'
import type { DiffLine, Hunk } from '#lib/kits/line-diff'

interface KitDiffProps {
  tenant: string
  kit: string
  from: number
  to: number
}

/** What another revision said, artifact by artifact and line by line. */
export function KitDiff({ tenant, kit, from, to }: KitDiffProps): ReactNode {
  const query = useApi<KitDiffView>(tenantKey(tenant, 'release', 'kit-diff', kit, from, to), tenantPath(tenant, 'kits', kit, 'diff'), {
    query: { from, to },
  })
  return (
    <Section title={`Revision ${from} → ${to}`} aside="which artifact changed, and how">
      <Loaded query={query} label="Comparing the revisions">
        {({ artifacts }) => {
          const changed = artifacts.filter(({ hunks }) => hunks.length > 0)
          const same = artifacts.filter(({ hunks }) => hunks.length === 0)
          return (
            <div className="grid grid-cols-1 gap-3">
              {changed.length === 0 && <EmptyState title="The same">All five artifacts say the same in both revisions.</EmptyState>}
              {changed.map((artifact) => (
                <OneArtifact key={artifact.id} artifact={artifact} />
              ))}
              {changed.length > 0 && same.length > 0 && (
                <p className="text-sm text-ink-3">The same in both: {same.map(({ title }) => title.toLowerCase()).join(', ')}.</p>
              )}
            </div>
          )
        }}
      </Loaded>
    </Section>
  )
}

function OneArtifact({ artifact: { title, added, removed, hunks } }: { artifact: ArtifactDiff }): ReactNode {
  return (
    <details open className="rounded-3 border bg-surface">
      <summary className="flex cursor-pointer flex-wrap items-baseline gap-x-3 px-3.5 py-2.5 font-[550]">
        {title}
        <Status tone="wait" plain>
          {added} added, {removed} removed
        </Status>
      </summary>
      <div className="border-t">
        {hunks.map((hunk) => (
          <Lines key={`${hunk.fromLine} ${hunk.toLine}`} hunk={hunk} />
        ))}
      </div>
    </details>
  )
}

const looks: Record<DiffLine['sign'], { className: string; word: string }> = {
  ' ': { className: 'text-ink-2', word: '' },
  '-': { className: 'bg-bad-soft text-bad', word: 'removed: ' },
  '+': { className: 'bg-ok-soft text-ok', word: 'added: ' },
}

function Lines({ hunk: { fromLine, toLine, lines } }: { hunk: Hunk }): ReactNode {
  return (
    <pre className="border-b py-1 font-mono text-sm last:border-b-0">
      <span className="block px-3.5 text-ink-3">{`line ${fromLine} → ${toLine}`}</span>
      {lines.map(({ sign, text }, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- lines of a diff have no other name, and never move
        <span key={index} className={clsx('block px-3.5 whitespace-pre-wrap wrap-anywhere', looks[sign].className)}>
          {looks[sign].word !== '' && <span className="sr-only">{looks[sign].word}</span>}
          <span aria-hidden>{sign} </span>
          {text}
        </span>
      ))}
    </pre>
  )
}
