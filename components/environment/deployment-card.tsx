'use client'
import { ExternalLink, Play, RotateCw } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { DeploymentStatus } from '#components/environment/deployment-words'
import { ReplicaLog } from '#components/environment/replica-log'
import { ReplicaTable } from '#components/environment/replica-table'
import { FailedDeployNote } from '#components/readiness/failed-deploy-note'
import { releaseHref } from '#components/release/sheet-link'
import { SheetAct } from '#components/sheet/sheet-act'
import { Banner } from '#components/ui/banner'
import { CopyButton } from '#components/ui/copy-button'
import { Digest } from '#components/ui/digest'
import { LinkButton } from '#components/ui/link-button'
import { RelativeTime } from '#components/ui/relative-time'
import type { DeploymentView } from '#lib/readiness/deployment'
import { reasonWords } from '#lib/readiness/reasons'

/** The application that stands in view, kept in the address. */
export interface Focus {
  app: string
  select: (application: string) => void
}

interface DeploymentCardProps {
  tenant: string
  deployment: DeploymentView
  focus: Focus
  isAlone: boolean
}

/** What is promised to run, what was observed, and when it is in view the output of its replicas. */
export function DeploymentCard({ tenant, deployment, focus, isAlone }: DeploymentCardProps): ReactNode {
  const { application, environment, promised, state, reason, observedAt, readySince, failedDeploy } = deployment
  const isOpen = isAlone || focus.app === application.slug
  const target = { application: application.slug, environment: environment.slug }
  return (
    <section aria-label={`${application.slug} in ${environment.slug}`} className="rounded-3 border bg-surface">
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
        <div className="min-w-0 flex-1 basis-64">
          <h2 className="flex flex-wrap items-center gap-x-2 text-md font-[570]">
            <button type="button" onClick={() => focus.select(application.slug)} className="hover:text-accent">
              {application.slug}
            </button>
            <Link href={releaseHref(tenant, application.slug, promised.release)} className="font-mono font-normal break-all hover:text-accent">
              {promised.release}
            </Link>
            {promised.components[0] && <Digest digest={promised.components[0].digest} className="font-normal" />}
          </h2>
          <p className="text-sm text-ink-3">
            deployed <RelativeTime at={promised.deployedAt} />, config r{promised.configRevision}
            {readySince && (
              <>
                , ready for <RelativeTime at={readySince} bare />
              </>
            )}
            {observedAt ? (
              <>
                , looked at <RelativeTime at={observedAt} />
              </>
            ) : (
              ', never looked at'
            )}
          </p>
        </div>
        {deployment.address && <Address address={deployment.address} />}
        <DeploymentStatus state={state} ready={deployment.readyReplicas} wanted={deployment.wantedReplicas} />
        <div className="flex gap-2">
          <LinkButton size="sm" href={`/t/${tenant}/promotions/${promised.promotionId}`}>
            Open its promotion
          </LinkButton>
          <SheetAct tenant={tenant} icon={promised.isStopped ? Play : RotateCw} ask={{ ...target, kind: promised.isStopped ? 'start' : 'restart' }}>
            {promised.isStopped ? 'Start' : 'Restart'}
          </SheetAct>
        </div>
      </header>
      {failedDeploy && (
        <div className="px-4 pb-3">
          <FailedDeployNote tenant={tenant} failed={failedDeploy} />
        </div>
      )}
      {(reason || deployment.isMixed) && (
        <div className="px-4 pb-3">
          <Banner tone={deployment.isMixed || state === 'degraded' || state === 'not_ready' ? 'bad' : 'wait'}>
            {deployment.isMixed && 'Replicas differ from each other or from what is promised. '}
            {reason && `${sentence(reasonWords(reason))} `}
            {reason && <code className="font-mono text-sm text-ink-3">{reason}</code>}
          </Banner>
        </div>
      )}
      <div className="border-t">
        <ReplicaTable deployment={deployment} />
      </div>
      {isOpen && deployment.replicas.length > 0 && (
        <div className="border-t px-4 py-3">
          <ReplicaLog tenant={tenant} deployment={deployment} />
        </div>
      )}
    </section>
  )
}

function Address({ address }: { address: string }): ReactNode {
  return (
    <span className="inline-flex min-w-0 items-center gap-1">
      <a href={address} target="_blank" rel="noreferrer" className="inline-flex min-w-0 items-center gap-1 font-mono text-sm break-all text-accent">
        {address}
        <ExternalLink aria-hidden size={12} className="shrink-0" />
      </a>
      <CopyButton text={address} label="Copy the address" />
    </span>
  )
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}
