'use client'
import { ScrollText } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { DeploymentStatus } from '#components/environment/deployment-words'
import { ComponentList } from '#components/readiness/component-list'
import { FailedDeployNote } from '#components/readiness/failed-deploy-note'
import { sentence } from '#components/readiness/readiness-words'
import { ReplicaReadinessTable } from '#components/readiness/replica-readiness-table'
import { StateHistory } from '#components/readiness/state-history'
import { environmentHref, releaseHref } from '#components/release/sheet-link'
import { Banner } from '#components/ui/banner'
import { Digest } from '#components/ui/digest'
import { LinkButton } from '#components/ui/link-button'
import { RelativeTime } from '#components/ui/relative-time'
import type { DeploymentView } from '#lib/readiness/deployment'
import type { PlaceHistory } from '#lib/readiness/history'
import { reasonWords } from '#lib/readiness/reasons'

interface ReadinessCardProps {
  tenant: string
  deployment: DeploymentView
  history: PlaceHistory | undefined
  span: { from: string; until: string } | undefined
}

/** One application in one environment. */
export function ReadinessCard({ tenant, deployment, history, span }: ReadinessCardProps): ReactNode {
  const { application, environment, promised, state, reason, observedAt, readySince, components, failedDeploy } = deployment
  // Of a single component the replicas say all that a table of components could.
  const only = components.length === 1 ? components[0] : undefined
  const isBad = deployment.isMixed || state === 'degraded' || state === 'not_ready'
  return (
    <section aria-label={`${application.slug} in ${environment.slug}`} className="min-w-0 rounded-3 border bg-surface">
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
        <div className="min-w-0 flex-1 basis-64">
          <h3 className="flex flex-wrap items-center gap-x-2 text-md font-[570]">
            {application.slug}
            <Link href={releaseHref(tenant, application.slug, promised.release)} className="font-mono font-normal break-all hover:text-accent">
              {promised.release}
            </Link>
            {only && <Digest digest={only.digest} isCopied />}
          </h3>
          <p className="text-sm text-ink-3">
            config r{promised.configRevision}
            {promised.newestConfigRevision > promised.configRevision && ` (r${promised.newestConfigRevision} is not applied)`}
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
        <DeploymentStatus state={state} ready={deployment.readyReplicas} wanted={deployment.wantedReplicas} />
        <LinkButton size="sm" icon={ScrollText} href={environmentHref(tenant, environment.slug, application.slug)}>
          Output
        </LinkButton>
      </header>
      <div className="grid gap-4 px-4 pb-4">
        {failedDeploy && <FailedDeployNote tenant={tenant} failed={failedDeploy} />}
        {reason && (
          <Banner tone={isBad ? 'bad' : 'wait'} title={isBad ? 'Degraded' : undefined}>
            {sentence(reasonWords(reason))} <code className="font-mono text-sm text-ink-3">{reason}</code>
          </Banner>
        )}
        {components.length > 1 && <ComponentList components={components} />}
        <ReplicaReadinessTable deployment={deployment} />
        <Secrets secrets={promised.secrets} />
        {span && <StateHistory name={`${application.slug} in ${environment.slug}`} history={history} span={span} />}
      </div>
    </section>
  )
}

/** Versions that replicas were started with; a newer one is no drift, it waits to be applied. */
function Secrets({ secrets }: { secrets: DeploymentView['promised']['secrets'] }): ReactNode {
  const moved = secrets.filter(({ version, newest }) => newest !== version)
  if (moved.length === 0) return null
  const words = moved.map(({ name, version, newest }) =>
    newest === 0 ? `${name} runs v${version} and was taken away` : `${name} runs v${version}, v${newest} is set`,
  )
  return <p className="text-sm text-ink-2">Secrets that are not applied: {words.join('; ')}.</p>
}
