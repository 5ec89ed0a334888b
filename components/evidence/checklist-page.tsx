'use client'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { useState, type ReactNode } from 'react'
import { signOffLookOf, type Subject } from '#components/evidence/checklist-words'
import { ItemList } from '#components/evidence/item-list'
import { SignOffPanel } from '#components/evidence/sign-off-panel'
import { ForActors } from '#components/layout/reader'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { why } from '#components/promotion/promotion-acts'
import { Banner } from '#components/ui/banner'
import { Button } from '#components/ui/button'
import { CopyLine } from '#components/ui/copy-line'
import { DigestMark } from '#components/ui/digest-mark'
import { Loaded } from '#components/ui/loaded'
import { PageHeader } from '#components/ui/page-header'
import { RelativeTime } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import { Status } from '#components/ui/status'
import type { ChecklistView, ItemView } from '#lib/evidence/checklist-view'

// Their code comes when they are opened.
const AttachDialog = dynamic(async () => (await import('#components/evidence/attach-dialog')).AttachDialog, { ssr: false })
const SignDialog = dynamic(async () => (await import('#components/evidence/sign-dialog')).SignDialog, { ssr: false })
const WaiveDialog = dynamic(async () => (await import('#components/gates/waive-dialog')).WaiveDialog, { ssr: false })

/** A release in an environment: every item with its owner, what it rests on and how old that is; and the owner's signature. */
export function ChecklistPage({ tenant, subject }: { tenant: string; subject: Subject }): ReactNode {
  const { application, environment, release } = subject
  const query = useApi<ChecklistView>(
    tenantKey(tenant, 'release', 'checklist', application, environment, release),
    tenantPath(tenant, 'checklists', application, environment, release),
    { everyMs: 15_000 },
  )
  const [isSigning, setSigning] = useState(false)
  const view = query.data
  return (
    <>
      <PageHeader
        at={query.dataUpdatedAt}
        title={
          <span className="inline-flex flex-wrap items-center gap-2">
            {view && <DigestMark digest={view.release.components[0]?.digest ?? ''} size={28} />}
            {application} <span className="font-mono font-[550] break-all">{release}</span> in {environment}
          </span>
        }
        trail={
          <Link href={`/t/${encodeURIComponent(tenant)}/evidence`} className="hover:text-ink">
            Evidence
          </Link>
        }
        actions={
          view && (
            <ForActors>
              <Button tone="primary" disabledReason={why(view.sign)} onClick={() => setSigning(true)}>
                Sign the checklist
              </Button>
            </ForActors>
          )
        }
      >
        {view && <Facts tenant={tenant} view={view} />}
      </PageHeader>
      <Loaded query={query} label="Loading the checklist" rows={8}>
        {(data) => <Parts tenant={tenant} subject={subject} view={data} />}
      </Loaded>
      <div className="mt-6">
        <CopyLine line={`caisson evidence show ${application} ${environment} ${release} --tenant ${tenant}`} />
      </div>
      {isSigning && view && <SignDialog tenant={tenant} subject={subject} onClose={() => setSigning(false)} />}
    </>
  )
}

function Facts({ tenant, view }: { tenant: string; view: ChecklistView }): ReactNode {
  const { tone, word } = signOffLookOf(view)
  return (
    <span className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
      <Status tone={tone}>{word}</Status>
      <span className="tabular-nums">
        {view.settled} of {view.items.length} settled
      </span>
      <span>{view.isRunning ? 'runs there now' : 'does not run there'}</span>
      {view.approval && (
        <span>
          <Link href={`/t/${encodeURIComponent(tenant)}/promotions/${view.approval.promotionId}`} className="underline underline-offset-2">
            {view.approval.approvedBy.length > 0 ? 'approved' : 'let in'}
          </Link>{' '}
          {view.approval.approvedBy.length > 0
            ? `by ${view.approval.approvedBy.map(({ name }) => name).join(', ')} `
            : 'by a policy that asks for no approval, '}
          <RelativeTime at={view.approval.approvedAt} />, with r{view.approval.configRevision}
        </span>
      )}
    </span>
  )
}

function Parts({ tenant, subject, view }: { tenant: string; subject: Subject; view: ChecklistView }): ReactNode {
  const [attaching, setAttaching] = useState<ItemView | null>(null)
  const [waiving, setWaiving] = useState<ItemView | null>(null)
  const list = (items: readonly ItemView[]): ReactNode => <ItemList tenant={tenant} items={items} onAttach={setAttaching} onWaive={setWaiving} />
  const of = (kind: ItemView['kind'], when?: ItemView['when']) => view.items.filter((item) => item.kind === kind && (!when || item.when === when))
  return (
    <div className="grid grid-cols-1 gap-6">
      {view.risks.length > 0 && (
        <Banner tone="bad" role="alert" title="This evidence is at risk">
          The audit log that says who recorded it was found damaged: {view.risks.slice(0, 3).join(' ')}{' '}
          <Link href={`/t/${encodeURIComponent(tenant)}/audit`}>See what was found</Link>
        </Banner>
      )}
      {view.signOff?.state === 'invalid' && (
        <Banner tone="bad" role="alert" title="The sign-off does not count any more">
          {view.signOff.reason} Sign it anew once every item is settled.
        </Banner>
      )}
      <SignOffPanel view={view} />
      <div className="grid grid-cols-1 items-start gap-6 xl:grid-cols-2">
        <Section title="Evidence" aside="seven items">
          {list(of('evidence'))}
        </Section>
        <Section title="Checks" aside="seven checks">
          {list(of('check'))}
        </Section>
      </div>
      {attaching && <AttachDialog tenant={tenant} subject={subject} item={attaching} onClose={() => setAttaching(null)} />}
      {waiving && (
        <WaiveDialog
          tenant={tenant}
          gate={`evidence:${waiving.control}`}
          place={{ application: subject.application, environment: subject.environment }}
          onClose={() => setWaiving(null)}
        />
      )}
    </div>
  )
}
