import { History } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { kindWords, PromotionStatus } from '#components/promotion/promotion-words'
import { environmentHref } from '#components/release/sheet-link'
import { DataTable, type Column } from '#components/ui/data-table'
import { EmptyState } from '#components/ui/empty-state'
import { RelativeTime } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import type { PromotionState } from '#lib/promotions/promotion-state'
import type { PromotionKind } from '#lib/promotions/promotion-kind'
import type { ReleaseView } from '#lib/releases/release'

type Entry = ReleaseView['history'][number]

/** Where it was asked for, ran and was replaced, newest first. */
export function ReleaseHistory({ tenant, release }: { tenant: string; release: ReleaseView }): ReactNode {
  const columns: Column<Entry>[] = [
    {
      key: 'what',
      head: 'Decision',
      isName: true,
      cell: ({ kind, promotionId }) => (
        <Link href={`/t/${tenant}/promotions/${promotionId}`} className="inline-block first-letter:uppercase">
          {kindWords[kind as PromotionKind] ?? kind}
        </Link>
      ),
    },
    { key: 'state', head: 'State', cell: ({ state }) => <PromotionStatus state={state as PromotionState} /> },
    {
      key: 'environment',
      head: 'Environment',
      cell: ({ environment }) => (
        <Link href={environmentHref(tenant, environment, release.application.slug)} className="text-accent">
          {environment}
        </Link>
      ),
    },
    { key: 'at', head: 'When', cell: ({ at }) => <RelativeTime at={at} /> },
  ]
  return (
    <Section title="Where it runs and ran">
      <DataTable
        caption="Promotions of this release, newest first"
        columns={columns}
        rows={release.history}
        rowKey={({ promotionId }) => promotionId}
        empty={
          <EmptyState icon={History} title="It never ran">
            Deploy it, and every environment it reaches stands here.
          </EmptyState>
        }
      />
    </Section>
  )
}
