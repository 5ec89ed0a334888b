import { Lock, RotateCw, Undo2 } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { kindWords, PromotionStatus } from '#components/promotion/promotion-words'
import { releaseHref, rollbackHref, sheetHref } from '#components/release/sheet-link'
import { ActLink } from '#components/tenant/act-link'
import { Digest } from '#components/ui/digest'
import { RelativeTime } from '#components/ui/relative-time'
import { Status } from '#components/ui/status'
import type { FreezeView } from '#lib/promotions/freeze'
import type { HistoryEntry } from '#lib/promotions/promotion'
import type { DeploymentView } from '#lib/readiness/deployment'

const rowClass = 'flex flex-wrap items-center gap-x-4 gap-y-1.5 border-b px-4 py-2.5 last:border-b-0'

interface PromotionEntryProps {
  tenant: string
  environment: string
  entry: HistoryEntry
  /** What runs of its application now. */
  deployment: DeploymentView | undefined
}

/** One decision: what, how it ended, who asked and whose approval it ran under. */
export function PromotionEntry({ tenant, environment, entry, deployment }: PromotionEntryProps): ReactNode {
  const { application, release, digest, configRevision, requestedBy, approvedBy, outcome } = entry
  return (
    <li className={rowClass}>
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          <Link href={`/t/${tenant}/promotions/${entry.id}`} className="inline-block font-[550] first-letter:uppercase hover:text-accent">
            {kindWords[entry.kind]}
          </Link>
          {application.slug}
          <Link href={releaseHref(tenant, application.slug, release)} className="font-mono break-all hover:text-accent">
            {release}
          </Link>
          <Digest digest={digest} />
          <span className="text-sm text-ink-3">config r{configRevision}</span>
        </p>
        <p className="text-sm text-ink-3">
          <RelativeTime at={entry.at} />, requested by {requestedBy.name}
          {approvedBy.length > 0 && `, approved by ${approvedBy.map(({ name }) => name).join(' and ')}`}
          {outcome && <span className="text-ink-2">. {outcome}</span>}
        </p>
      </div>
      <PromotionStatus state={entry.state} />
      <div className="flex min-w-24 justify-end">
        <WayBack tenant={tenant} environment={environment} entry={entry} deployment={deployment} />
      </div>
    </li>
  )
}

/** What runs is started anew, what ran well is gone back to, what never came to run is asked for again; the sheet says whether it may. */
function WayBack({ tenant, environment, entry, deployment }: PromotionEntryProps): ReactNode {
  const target = { application: entry.application.slug, environment }
  if (entry.state !== 'completed' && entry.state !== 'failed' && entry.state !== 'errored') return null
  if (deployment?.promised.release === entry.release) {
    if (deployment.promised.promotionId !== entry.id) return null
    return (
      <ActLink tenant={tenant} verb="deployment.operate" icon={RotateCw} href={sheetHref(tenant, { ...target, kind: 'restart' })}>
        Restart
      </ActLink>
    )
  }
  if (entry.state === 'completed') {
    return (
      <ActLink tenant={tenant} verb="rollback.request" icon={Undo2} href={rollbackHref(tenant, { ...target, release: entry.release })}>
        Roll back
      </ActLink>
    )
  }
  if (entry.kind !== 'promote' && entry.kind !== 'deploy') return null
  return (
    <ActLink
      tenant={tenant}
      verb="promotion.request"
      icon={RotateCw}
      href={sheetHref(tenant, { ...target, release: entry.release, kind: entry.kind })}
    >
      Ask again
    </ActLink>
  )
}

const freezeStates: Record<FreezeView['state'], string> = { planned: 'planned', closed: 'closed now', ended: 'ended', lifted: 'lifted' }

export function FreezeEntry({ freeze }: { freeze: FreezeView }): ReactNode {
  return (
    <li className={rowClass}>
      <div className="min-w-0 flex-1 basis-72">
        <p>
          <span className="font-[550]">{freeze.kind === 'stop_the_line' ? 'Line stopped' : 'Freeze'}</span>{' '}
          {freeze.application?.slug ?? 'all applications'}
          {freeze.environment === null && ', in every environment'}
        </p>
        <p className="text-sm break-words text-ink-3">
          <RelativeTime at={freeze.startsAt} />, set by {freeze.createdBy.name}: {freeze.reason}
          {freeze.incident && ` (${freeze.incident})`}
          {freeze.liftedBy && `, lifted by ${freeze.liftedBy.name}`}
        </p>
      </div>
      <Status tone={freeze.state === 'closed' ? 'bad' : freeze.state === 'planned' ? 'wait' : 'off'} icon={Lock}>
        {freezeStates[freeze.state]}
      </Status>
      <div className="min-w-24" />
    </li>
  )
}
