'use client'
import { ArrowRight } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { ReleaseChecklists } from '#components/evidence/release-checklists'
import { FactsView } from '#components/release/facts-view'
import { LayersTable } from '#components/release/layers-table'
import { ReleaseHistory } from '#components/release/release-history'
import { RunsIn } from '#components/release/release-table'
import { Reproduce } from '#components/release/reproduce'
import { SealLineView } from '#components/release/seal-line'
import { SpecView } from '#components/release/spec-view'
import { SheetAct } from '#components/sheet/sheet-act'
import { CopyLine } from '#components/ui/copy-line'
import { DigestMark } from '#components/ui/digest-mark'
import { Loaded } from '#components/ui/loaded'
import { PageHeader } from '#components/ui/page-header'
import { RelativeTime } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import type { ReleaseView } from '#lib/releases/release'
import type { EnvironmentView } from '#lib/tenants/environment'

interface ReleasePageProps {
  tenant: string
  application: string
  name: string
}

/** A release: how it was sealed, what is in it, where it runs and ran. */
export function ReleasePage({ tenant, application, name }: ReleasePageProps): ReactNode {
  // Where it runs is the board's news, so this page listens to that.
  const release = useApi<ReleaseView>(
    tenantKey(tenant, 'board', 'release', application, name),
    tenantPath(tenant, 'applications', application, 'releases', name),
  )
  const environments = useApi<{ items: EnvironmentView[] }>(tenantKey(tenant, 'board', 'environments'), tenantPath(tenant, 'environments'))
  const next = release.data && nextEnvironment(environments.data?.items ?? [], release.data.runsIn)
  return (
    <>
      <PageHeader
        at={release.dataUpdatedAt}
        title={
          <span className="inline-flex flex-wrap items-center gap-2">
            {release.data && <DigestMark digest={release.data.digest} size={28} />}
            {application} <span className="font-mono font-[550] break-all">{name}</span>
          </span>
        }
        trail={
          <Link href={`/t/${tenant}/releases?application=${encodeURIComponent(application)}`} className="hover:text-ink">
            Releases of {application}
          </Link>
        }
        actions={
          next && (
            <SheetAct
              tenant={tenant}
              size="md"
              tone="primary"
              icon={ArrowRight}
              ask={{ application, environment: next.slug, release: name, kind: next.upstream.length === 0 ? 'deploy' : 'promote' }}
            >
              {next.upstream.length === 0 ? 'Deploy' : 'Promote'} to {next.slug}
            </SheetAct>
          )
        }
      >
        {release.data && (
          <>
            uploaded by {release.data.createdBy.name}, <RelativeTime at={release.data.createdAt} />
            {release.data.commit && (
              <>
                , commit{' '}
                <span className="font-mono" title={release.data.commit}>
                  {release.data.commit.slice(0, 12)}
                </span>
              </>
            )}
            .
          </>
        )}
      </PageHeader>
      <Loaded query={release} label="Loading the release" rows={6}>
        {(data) => <Parts tenant={tenant} release={data} />}
      </Loaded>
      <div className="mt-6 flex flex-wrap gap-x-6 gap-y-1">
        <CopyLine line={`caisson release ${application} ${name} --tenant ${tenant}`} />
        {release.data && <CopyLine line={release.data.pullLine} />}
      </div>
    </>
  )
}

function Parts({ tenant, release }: { tenant: string; release: ReleaseView }): ReactNode {
  return (
    <div className="grid gap-6">
      {release.components.map((component) => (
        <Section key={component.name} title={release.components.length > 1 ? `Sealed: ${component.name}` : 'Sealed'}>
          <SealLineView seal={component.seal} />
          {component.seal.artifactDigest && <Reproduce tenant={tenant} application={release.application.slug} name={release.name} />}
        </Section>
      ))}
      <Section title="Runs in">
        <RunsIn tenant={tenant} release={release} />
      </Section>
      <ReleaseChecklists tenant={tenant} application={release.application.slug} release={release.name} />
      <div className="grid gap-6 lg:grid-cols-2">
        {release.components.map((component) => (
          <Section key={component.name} title={release.components.length > 1 ? `How ${component.name} runs` : 'How it runs'} isBoxed>
            <SpecView spec={component.spec} />
          </Section>
        ))}
        <Section title="What is inside" isBoxed>
          <FactsView facts={release.facts} />
        </Section>
      </div>
      {release.components.map((component) => (
        <LayersTable
          key={component.name}
          title={release.components.length > 1 ? `Layers of ${component.name}` : 'Layers'}
          layers={component.layers}
        />
      ))}
      <ReleaseHistory tenant={tenant} release={release} />
    </div>
  )
}

/** The first environment in the order of the board that does not run it while all before it do; the sheet says whether it may. */
function nextEnvironment(environments: readonly EnvironmentView[], runsIn: readonly string[]): EnvironmentView | undefined {
  return environments.find(
    ({ slug, upstream, standing }) => standing === 'open' && !runsIn.includes(slug) && upstream.every((before) => runsIn.includes(before)),
  )
}
