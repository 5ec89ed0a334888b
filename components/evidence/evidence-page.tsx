'use client'
import { ClipboardCheck } from 'lucide-react'
import Link from 'next/link'
import { parseAsString, useQueryStates } from 'nuqs'
import type { ReactNode } from 'react'
import { checklistHref, signOffLook } from '#components/evidence/checklist-words'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { CopyLine } from '#components/ui/copy-line'
import { DataTable } from '#components/ui/data-table'
import { DigestMark } from '#components/ui/digest-mark'
import { EmptyState } from '#components/ui/empty-state'
import { LinkButton } from '#components/ui/link-button'
import { Loaded } from '#components/ui/loaded'
import { PageHeader } from '#components/ui/page-header'
import { Select } from '#components/ui/select'
import { Status } from '#components/ui/status'
import type { ChecklistSummary } from '#lib/evidence/checklist-view'

const address = { app: parseAsString.withDefault(''), env: parseAsString.withDefault('') }

/** What is known about what runs, and what is not. */
export function EvidencePage({ tenant }: { tenant: string }): ReactNode {
  const [{ app, env }, setAddress] = useQueryStates(address)
  const query = useApi<{ items: ChecklistSummary[] }>(tenantKey(tenant, 'release', 'checklists'), tenantPath(tenant, 'checklists'), {
    everyMs: 30_000,
  })
  const all = query.data?.items ?? []
  const shown = all.filter(({ application, environment }) => (app === '' || application.slug === app) && (env === '' || environment.slug === env))
  const options = (slugs: string[], none: string) => [
    { value: '', label: none },
    ...[...new Set(slugs)].map((slug) => ({ value: slug, label: slug })),
  ]
  return (
    <>
      <PageHeader at={query.dataUpdatedAt} title="Evidence">
        What is known about each release in each environment, and who signed it.
      </PageHeader>
      <div className="grid gap-4">
        <div className="grid grid-cols-2 gap-3 sm:grid-cols-[220px_220px]">
          <Select
            label="Application"
            value={app}
            options={options(
              all.map(({ application }) => application.slug),
              'Every application',
            )}
            onChange={(value) => void setAddress({ app: value || null })}
          />
          <Select
            label="Environment"
            value={env}
            options={options(
              all.map(({ environment }) => environment.slug),
              'Every environment',
            )}
            onChange={(value) => void setAddress({ env: value || null })}
          />
        </div>
        <Loaded query={query} label="Loading the checklists">
          {() => <Checklists tenant={tenant} items={shown} isFiltered={app !== '' || env !== ''} />}
        </Loaded>
        <CopyLine line={`caisson evidence list --tenant ${tenant}`} />
      </div>
    </>
  )
}

function Checklists({ tenant, items, isFiltered }: { tenant: string; items: readonly ChecklistSummary[]; isFiltered: boolean }): ReactNode {
  const empty = isFiltered ? (
    <EmptyState title="Nothing is known here" icon={ClipboardCheck}>
      No release of this choice runs, and nothing was attached about one.
    </EmptyState>
  ) : (
    <EmptyState
      title="Nothing runs yet"
      icon={ClipboardCheck}
      action={
        <LinkButton tone="primary" href={`/t/${tenant}`}>
          Open the board
        </LinkButton>
      }
    >
      A checklist begins when a release is rolled out: what the rollout sees is recorded by itself, the rest is attached.
    </EmptyState>
  )
  return (
    <DataTable
      caption="Checklists"
      rows={items}
      rowKey={({ application, environment, release }) => `${application.slug} ${environment.slug} ${release.name}`}
      empty={empty}
      columns={[
        { key: 'release', head: 'Release', isName: true, cell: (row) => <ReleaseLink tenant={tenant} row={row} /> },
        {
          key: 'environment',
          head: 'Environment',
          cell: ({ environment, isRunning }) => (
            <>
              {environment.slug} <span className="text-sm text-ink-3">{isRunning ? 'runs now' : 'does not run'}</span>
            </>
          ),
        },
        { key: 'settled', head: 'Settled', cell: ({ settled, total }) => <span className="tabular-nums">{`${settled} of ${total}`}</span> },
        { key: 'open', head: 'Open', cell: ({ open }) => <OpenItems open={open} /> },
        {
          key: 'signed',
          head: 'Sign-off',
          cell: ({ signOffState, isAtRisk }) => (
            <span className="flex flex-wrap gap-1.5">
              <Status tone={signOffLook[signOffState].tone}>{signOffLook[signOffState].word}</Status>
              {isAtRisk && <Status tone="bad">evidence at risk</Status>}
            </span>
          ),
        },
      ]}
    />
  )
}

function ReleaseLink({ tenant, row }: { tenant: string; row: ChecklistSummary }): ReactNode {
  const subject = { application: row.application.slug, environment: row.environment.slug, release: row.release.name }
  return (
    <span className="flex items-start gap-2">
      <DigestMark digest={row.release.digest} size={16} />
      <Link href={checklistHref(tenant, subject)} className="min-w-0 break-words">
        {row.application.slug} <span className="font-mono">{row.release.name}</span>
      </Link>
    </span>
  )
}

function OpenItems({ open }: { open: ChecklistSummary['open'] }): ReactNode {
  if (open.length === 0) return <span className="text-ink-3">nothing</span>
  const [first, second] = open
  const words = [first, second].flatMap((one) => (one ? [one.title.toLowerCase()] : [])).join(', ')
  return <span className="text-ink-2">{open.length > 2 ? `${words} and ${open.length - 2} more` : words}</span>
}
