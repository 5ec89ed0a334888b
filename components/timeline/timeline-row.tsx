import { FileSliders, Hand, KeyRound, Lock, Package, Play, RotateCw, ScrollText, ShieldOff, Undo2, Wrench, type LucideIcon } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { PromotionStatus } from '#components/promotion/promotion-words'
import { releaseHref, rollbackHref } from '#components/release/sheet-link'
import { SheetAct } from '#components/sheet/sheet-act'
import { ActLink } from '#components/tenant/act-link'
import { Digest } from '#components/ui/digest'
import { RelativeTime } from '#components/ui/relative-time'
import { Sentence } from '#components/ui/sentence'
import type { DeploymentView } from '#lib/readiness/deployment'
import type { TimelineEntry } from '#lib/promotions/timeline'
import type { TimelineKind } from '#lib/promotions/timeline-kind'

export const kindNames: Record<TimelineKind, string> = {
  release: 'Releases',
  config: 'Configuration',
  secret: 'Secrets',
  operation: 'Operation',
  freeze: 'Freezes',
  hold: 'Holds',
  policy: 'Policy',
  waiver: 'Waivers',
}

const icons: Record<TimelineKind, LucideIcon> = {
  release: Package,
  config: FileSliders,
  secret: KeyRound,
  operation: Wrench,
  freeze: Lock,
  hold: Hand,
  policy: ScrollText,
  waiver: ShieldOff,
}

interface TimelineRowProps {
  tenant: string
  environment: string
  entry: TimelineEntry
  /** What runs now, to know what an entry could bring back. */
  running: readonly DeploymentView[]
}

/** One change: what, whose, why, how it ended, and the way back to it. */
export function TimelineRow({ tenant, environment, entry, running }: TimelineRowProps): ReactNode {
  const { kind, application, words, by, reason, promotion, at } = entry
  const Icon = icons[kind]
  return (
    <li className="grid grid-cols-[16px_minmax(0,1fr)] gap-x-3 border-b px-4 py-2.5 last:border-b-0">
      <Icon aria-hidden size={14} className="mt-0.5 text-ink-3" />
      <div className="flex min-w-0 flex-wrap items-center gap-x-4 gap-y-1.5">
        <div className="min-w-0 flex-1 basis-72">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
            <span className="sr-only">{kindNames[kind]}:</span>
            <span className="text-ink-2">{application?.slug ?? 'every application'}</span>
            <Words tenant={tenant} environment={environment} entry={entry} />
            {promotion && kind === 'release' && <Digest digest={promotion.digest} />}
          </p>
          <p className="text-sm break-words text-ink-3">
            <RelativeTime at={at} />, {promotion ? 'requested by' : 'by'} {by.name}
            {promotion && promotion.approvedBy.length > 0 && `, approved by ${promotion.approvedBy.map(({ name }) => name).join(' and ')}`}
            {reason !== '' && <span className="block text-ink-2">{reason}</span>}
            {promotion && promotion.outcome !== '' && <span className="block text-ink-2">{promotion.outcome}</span>}
          </p>
        </div>
        {promotion && <PromotionStatus state={promotion.state} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Link
            href={`/t/${encodeURIComponent(tenant)}/environments/${encodeURIComponent(environment)}/timeline?${new URLSearchParams({ at })}`}
            className="self-center text-sm font-[550] text-accent hover:underline"
            aria-label={`What ran when ${application?.slug ?? 'every application'}: ${words}`}
          >
            What ran
          </Link>
          {application && promotion && (
            <WayBack tenant={tenant} environment={environment} application={application.slug} promotion={promotion} running={running} />
          )}
        </div>
      </div>
    </li>
  )
}

function Words({ tenant, environment, entry: { words, promotion, application, configRevision } }: Omit<TimelineRowProps, 'running'>): ReactNode {
  const look = 'font-[550] hover:text-accent'
  if (promotion) {
    return (
      <>
        <Link href={`/t/${tenant}/promotions/${promotion.id}`} className={look}>
          {words}
        </Link>
        <Link href={releaseHref(tenant, application?.slug ?? '', promotion.release)} className="sr-only">
          the release {promotion.release}
        </Link>
      </>
    )
  }
  if (configRevision === null || !application) {
    return (
      <span className="font-[550]">
        <Sentence words={words} />
      </span>
    )
  }
  const query = new URLSearchParams({ view: 'configuration', app: application.slug, revision: String(configRevision) })
  return (
    <Link href={`/t/${tenant}/environments/${environment}?${query}`} className={look}>
      {words}
    </Link>
  )
}

interface WayBackProps {
  tenant: string
  environment: string
  application: string
  promotion: NonNullable<TimelineEntry['promotion']>
  running: readonly DeploymentView[]
}

/** What runs is started anew, what ran well is gone back to, what never came to run is asked for again; the sheet says whether it may. */
function WayBack({ tenant, environment, application, promotion, running }: WayBackProps): ReactNode {
  const target = { application, environment }
  const { state, release, kind } = promotion
  const promised = running.find((one) => one.application.slug === application)?.promised
  if (state !== 'completed' && state !== 'failed' && state !== 'errored') return null
  if (promised?.release === release) {
    return (
      <SheetAct tenant={tenant} icon={promised.isStopped ? Play : RotateCw} ask={{ ...target, kind: promised.isStopped ? 'start' : 'restart' }}>
        {promised.isStopped ? 'Start' : 'Redeploy'}
      </SheetAct>
    )
  }
  if (state === 'completed') {
    return (
      <ActLink tenant={tenant} verb="rollback.request" icon={Undo2} href={rollbackHref(tenant, { ...target, release })}>
        Roll back
      </ActLink>
    )
  }
  if (kind !== 'promote' && kind !== 'deploy') return null
  return (
    <SheetAct tenant={tenant} icon={RotateCw} ask={{ ...target, release, kind }}>
      Redeploy
    </SheetAct>
  )
}
