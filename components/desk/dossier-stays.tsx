import type { ReactNode } from 'react'
import { DataTable, type Column } from '#components/ui/data-table'
import { EmptyState } from '#components/ui/empty-state'
import { exactWords, spanWords } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import type { Stay } from '#lib/kits/dossier'

const columns: readonly Column<Stay>[] = [
  { key: 'environment', head: 'Environment', isName: true, cell: ({ environment }) => environment.slug },
  { key: 'since', head: 'From', cell: ({ since }) => exactWords(since) },
  { key: 'until', head: 'Until', cell: ({ until }) => (until === null ? 'nothing took its place since' : exactWords(until)) },
  {
    key: 'for',
    head: 'For',
    align: 'end',
    cell: ({ since, until }) => (until === null ? '' : spanWords(Date.parse(until) - Date.parse(since))),
  },
]

/** Where the release ran, and when something else took its place. */
export function DossierStays({ stays }: { stays: readonly Stay[] }): ReactNode {
  return (
    <Section title="Where it ran" className="break-inside-avoid">
      <DataTable
        caption="Where it ran, and from when until when"
        columns={columns}
        rows={stays}
        rowKey={({ environment, since }) => `${environment.slug} ${since}`}
        empty={<EmptyState title="It never ran anywhere">No rollout of it was applied.</EmptyState>}
      />
    </Section>
  )
}
