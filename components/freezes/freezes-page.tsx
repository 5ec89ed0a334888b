'use client'
import { CalendarPlus, OctagonPause } from 'lucide-react'
import dynamic from 'next/dynamic'
import { parseAsBoolean, parseAsStringLiteral, useQueryStates } from 'nuqs'
import type { ReactNode } from 'react'
import { FreezeTable } from '#components/freezes/freeze-table'
import { UpcomingList } from '#components/freezes/upcoming-list'
import { WaiverTable } from '#components/freezes/waiver-table'
import { ForActors } from '#components/layout/reader'
import { HoldTable } from '#components/holds/hold-table'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { why } from '#components/promotion/promotion-acts'
import { Button } from '#components/ui/button'
import { Checkbox } from '#components/ui/checkbox'
import { CopyLine } from '#components/ui/copy-line'
import { EmptyState } from '#components/ui/empty-state'
import { Loaded } from '#components/ui/loaded'
import { PageHeader } from '#components/ui/page-header'
import { Section } from '#components/ui/section'
import type { FreezeList, FreezeView } from '#lib/promotions/freeze'
import type { HoldView } from '#lib/promotions/hold'
import type { WaiverView } from '#lib/promotions/waiver'

// Its code comes when it is opened.
const FreezeDialog = dynamic(async () => (await import('#components/freezes/freeze-dialog')).FreezeDialog, { ssr: false })

const address = {
  past: parseAsBoolean.withDefault(false),
  /** The dialog that is open, so that the palette can lead to it. */
  do: parseAsStringLiteral(['set', 'stop'] as const),
}

/** When promotion is closed, when it will be, and the exceptions that stand. */
export function FreezesPage({ tenant }: { tenant: string }): ReactNode {
  const [{ past, do: open }, setAddress] = useQueryStates(address)
  const query = { includePast: past }
  const freezes = useApi<FreezeList>(tenantKey(tenant, 'board', 'freezes'), tenantPath(tenant, 'freezes'), { query, isKept: true })
  const holds = useApi<{ items: HoldView[] }>(tenantKey(tenant, 'board', 'holds'), tenantPath(tenant, 'holds'), { query, isKept: true })
  const waivers = useApi<{ items: WaiverView[] }>(tenantKey(tenant, 'board', 'waivers'), tenantPath(tenant, 'waivers'), { query, isKept: true })
  const off = freezes.data && why(freezes.data.maySet)
  return (
    <>
      <PageHeader
        at={freezes.dataUpdatedAt}
        title="Freezes"
        actions={
          <ForActors>
            <Button icon={CalendarPlus} disabledReason={off} onClick={() => void setAddress({ do: 'set' })}>
              New window
            </Button>
            <Button tone="danger" icon={OctagonPause} disabledReason={off} onClick={() => void setAddress({ do: 'stop' })}>
              Stop the line
            </Button>
          </ForActors>
        }
      >
        When promotion is closed, by which window, and what is held. A rollback passes, and says so.
      </PageHeader>
      <div className="grid gap-6">
        <Checkbox label="Show what is over as well" checked={past} onChange={(event) => void setAddress({ past: event.target.checked || null })} />
        <Loaded query={freezes} label="Loading the freezes">
          {({ items, upcoming, asOf }) => (
            <>
              <Section title="Closed times" aside="of the next four weeks">
                <UpcomingList tenant={tenant} upcoming={upcoming} asOf={asOf} />
              </Section>
              <FreezeSections tenant={tenant} items={items} isPast={past} />
            </>
          )}
        </Loaded>
        <Section title="Holds" aside="nothing new comes to one application in one environment">
          <Loaded query={holds} label="Loading the holds">
            {({ items }) => <HoldTable tenant={tenant} holds={items} />}
          </Loaded>
        </Section>
        <Section title="Waivers" aside="exceptions to one gate of one application in one environment">
          <Loaded query={waivers} label="Loading the waivers">
            {({ items }) => <WaiverTable tenant={tenant} waivers={items} />}
          </Loaded>
        </Section>
        <CopyLine line={`caisson freeze list ${past ? '--past ' : ''}--tenant ${tenant}`} />
      </div>
      {open && off === undefined && freezes.data && (
        <FreezeDialog key={open} tenant={tenant} kind={open === 'stop' ? 'stop_the_line' : 'window'} onClose={() => void setAddress({ do: null })} />
      )}
    </>
  )
}

function FreezeSections({ tenant, items, isPast }: { tenant: string; items: readonly FreezeView[]; isPast: boolean }): ReactNode {
  const of = (...states: FreezeView['state'][]) => items.filter(({ state }) => states.includes(state))
  return (
    <>
      <Section title="Closed now">
        <FreezeTable
          tenant={tenant}
          caption="What is closed now"
          freezes={of('closed')}
          empty={
            <EmptyState isSlim title="Everything is open">
              No freeze closes promotion now.
            </EmptyState>
          }
        />
      </Section>
      <Section title="Planned">
        <FreezeTable
          tenant={tenant}
          caption="Planned windows"
          freezes={of('planned').toReversed()}
          empty={
            <EmptyState isSlim title="No window is planned">
              A new window closes an environment or an application for a time, or until it is lifted.
            </EmptyState>
          }
        />
      </Section>
      {isPast && (
        <Section title="Over">
          <FreezeTable
            tenant={tenant}
            caption="Freezes that are over"
            freezes={of('ended', 'lifted')}
            empty={<EmptyState isSlim title="No freeze is over yet" />}
          />
        </Section>
      )}
    </>
  )
}
