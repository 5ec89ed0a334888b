'use client'
import { Inbox, MailCheck } from 'lucide-react'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import type { ReactNode } from 'react'
import { InboxTable } from '#components/approvals/inbox-table'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { PromotionTable } from '#components/promotion/promotion-table'
import { CopyLine } from '#components/ui/copy-line'
import { EmptyState } from '#components/ui/empty-state'
import { LinkButton } from '#components/ui/link-button'
import { Loaded } from '#components/ui/loaded'
import { PageHeader } from '#components/ui/page-header'
import { Tabs } from '#components/ui/tabs'
import type { InboxView } from '#lib/promotions/inbox'

const tabs = ['needs-you', 'waiting', 'done'] as const

/** What needs this person's decision, what waits for somebody or something else, and what is done. */
export function InboxPage({ tenant }: { tenant: string }): ReactNode {
  const [tab, setTab] = useQueryState('tab', parseAsStringLiteral(tabs).withDefault('needs-you'))
  const query = useApi<InboxView>(tenantKey(tenant, 'promotion', 'inbox'), tenantPath(tenant, 'inbox'))
  return (
    <>
      <PageHeader at={query.dataUpdatedAt} title="Approvals" actions={<LinkButton href={`/t/${tenant}/promotions`}>All promotions</LinkButton>}>
        Requests that wait, and for whom.
      </PageHeader>
      <Loaded query={query} label="Loading the requests that wait">
        {(inbox) => (
          <Tabs
            label="Requests"
            value={tab}
            onChange={(next) => void setTab(next)}
            tabs={[
              { value: 'needs-you', label: 'Needs you', count: inbox.needsYou.length, panel: <NeedsYou tenant={tenant} inbox={inbox} /> },
              {
                value: 'waiting',
                label: 'Waiting for others',
                count: inbox.waitingForOthers.length,
                panel: <Waiting tenant={tenant} inbox={inbox} />,
              },
              { value: 'done', label: 'Done', count: inbox.done.length, panel: <Done tenant={tenant} inbox={inbox} /> },
            ]}
          />
        )}
      </Loaded>
      <div className="mt-4">
        <CopyLine line={`caisson approvals --tenant ${tenant}`} />
      </div>
    </>
  )
}

interface PanelProps {
  tenant: string
  inbox: InboxView
}

function NeedsYou({ tenant, inbox }: PanelProps): ReactNode {
  const others = inbox.waitingForOthers.length
  return (
    <InboxTable
      tenant={tenant}
      caption="Requests that need your decision"
      items={inbox.needsYou}
      empty={
        <EmptyState title="Nothing needs you" icon={MailCheck}>
          {others === 0
            ? 'No request waits at all.'
            : `${others} ${others === 1 ? 'request waits' : 'requests wait'} for somebody or something else.`}
        </EmptyState>
      }
    />
  )
}

function Waiting({ tenant, inbox }: PanelProps): ReactNode {
  return (
    <InboxTable
      tenant={tenant}
      caption="Requests that wait for others"
      items={inbox.waitingForOthers}
      empty={
        <EmptyState title="Nothing waits for others" icon={Inbox} action={<LinkButton href={`/t/${tenant}`}>Open the board</LinkButton>}>
          What is promoted to an environment that asks for approval waits here.
        </EmptyState>
      }
    />
  )
}

function Done({ tenant, inbox }: PanelProps): ReactNode {
  return (
    <PromotionTable
      tenant={tenant}
      caption="Requests that you made or decided on"
      rows={inbox.done}
      empty={
        <EmptyState title="Nothing is done yet">The last requests that you made or decided on are listed here once they are settled.</EmptyState>
      }
    />
  )
}
