'use client'
import type { ReactNode } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { CopyButton } from '#components/ui/copy-button'
import { CopyLine } from '#components/ui/copy-line'
import { DataTable, type Column } from '#components/ui/data-table'
import { Loaded } from '#components/ui/loaded'
import { Section } from '#components/ui/section'
import { Sentence } from '#components/ui/sentence'
import { Status, type StatusTone } from '#components/ui/status'
import { UpdatedMark } from '#components/ui/updated-mark'
import { worstOf, type CheckState, type DiagnosisView, type DiagnosticCheck } from '#lib/operations/diagnosis'

const tones: Record<CheckState, StatusTone> = { ok: 'ok', attention: 'wait', down: 'bad', unknown: 'off' }
const stateWords: Record<CheckState, string> = { ok: 'ok', attention: 'look at it', down: 'down', unknown: 'unknown' }
const summaries: Record<CheckState, string> = {
  ok: 'Everything that was looked at is well',
  attention: 'It works, and something wants to be looked at',
  down: 'Something does not work',
  unknown: 'Of something nothing is known',
}

const columns: readonly Column<DiagnosticCheck>[] = [
  { key: 'name', head: 'What', isName: true, cell: ({ name }) => name },
  { key: 'state', head: 'State', width: '110px', cell: ({ state }) => <Status tone={tones[state]}>{stateWords[state]}</Status> },
  { key: 'says', head: 'Found', cell: ({ says }) => <span className="break-words">{says}</span> },
  {
    key: 'fix',
    head: 'What to do',
    cell: ({ fix }) =>
      fix && (
        <span className="break-words text-ink-2">
          <Sentence words={fix} />
        </span>
      ),
  },
]
const rank: Record<CheckState, number> = { down: 0, unknown: 1, attention: 2, ok: 3 }

/** How the parts of Caisson stand, and what waits or fails: looked at anew every few seconds, what is wrong first. */
export function DiagnosticsPage({ tenant }: { tenant: string }): ReactNode {
  const query = useApi<DiagnosisView>(tenantKey(tenant, 'settings', 'diagnostics'), tenantPath(tenant, 'diagnostics'), { everyMs: 5000 })
  return (
    <div className="grid gap-6">
      <Loaded query={query} label="Looking at every part" rows={8}>
        {({ checks, versions, isWhole, text }) => {
          const worst = worstOf(checks)
          return (
            <>
              <Section
                title="Diagnostics"
                aside={
                  <span className="flex items-center gap-2">
                    <UpdatedMark at={query.dataUpdatedAt} />
                    <CopyButton text={text} label="Copy all of it as text" />
                  </span>
                }
                description={
                  isWhole
                    ? 'The parts of this installation, its machine and database, and the work of all tenants. The text to copy names no path, no address and no secret.'
                    : 'The parts of this installation, and what waits or fails of this tenant. Platform admins see the machine and the database too.'
                }
              >
                <p role="status" className="mb-3">
                  <Status tone={tones[worst]}>{summaries[worst]}</Status>
                </p>
                <DataTable
                  caption="What was looked at, and what to do"
                  columns={columns}
                  rows={checks.toSorted((one, other) => rank[one.state] - rank[other.state])}
                  rowKey={({ id }) => id}
                />
              </Section>
              {versions.length > 0 && <Versions versions={versions} />}
            </>
          )
        }}
      </Loaded>
      <CopyLine line={`caisson diagnostics --tenant ${tenant}`} />
    </div>
  )
}

function Versions({ versions }: Pick<DiagnosisView, 'versions'>): ReactNode {
  return (
    <Section title="Versions">
      <dl className="grid overflow-hidden rounded-3 border bg-surface sm:grid-cols-2 lg:grid-cols-4">
        {versions.map(({ name, value }) => (
          <div key={name} className="-mr-px -mb-px border-r border-b px-3.5 py-2.5">
            <dt className="text-sm text-ink-3">{name}</dt>
            <dd className="font-mono text-sm break-all">{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}
