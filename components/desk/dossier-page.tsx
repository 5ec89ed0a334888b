'use client'
import { Printer } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { DossierChanges } from '#components/desk/dossier-changes'
import { DossierChecklists } from '#components/desk/dossier-checklists'
import { DossierLog } from '#components/desk/dossier-log'
import { DossierStays } from '#components/desk/dossier-stays'
import { ExceptionList } from '#components/desk/exception-list'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { FactList } from '#components/release/fact-list'
import { SealLineView } from '#components/release/seal-line'
import { useReason } from '#components/tenant/use-tenant'
import { Button } from '#components/ui/button'
import { CopyLine } from '#components/ui/copy-line'
import { EmptyState } from '#components/ui/empty-state'
import { Loaded } from '#components/ui/loaded'
import { PageHeader } from '#components/ui/page-header'
import { exactWords } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import type { DossierView } from '#lib/kits/dossier'

interface DossierPageProps {
  tenant: string
  application: string
  release: string
}

/** A release as an auditor takes it away: what it is, where it went, who decided, and the proof. It prints as it stands. */
export function DossierPage({ tenant, application, release }: DossierPageProps): ReactNode {
  const closed = useReason(tenant)('desk.use')
  const dossier = useApi<DossierView>(
    tenantKey(tenant, 'audit', 'dossier', application, release),
    tenantPath(tenant, 'applications', application, 'releases', release, 'dossier'),
    { isEnabled: closed === undefined },
  )
  return (
    <>
      <PageHeader
        title={
          <>
            Dossier of {application} <span className="font-mono font-[550] break-all">{release}</span>
          </>
        }
        trail={
          <Link href={`/t/${tenant}/desk`} className="hover:text-ink print:hidden">
            Auditor’s desk
          </Link>
        }
        actions={
          <Button icon={Printer} onClick={() => window.print()} disabledReason={dossier.data ? undefined : 'It is not loaded yet.'}>
            Print
          </Button>
        }
      >
        {dossier.data && (
          <>
            {dossier.data.tenant.name}, as of {exactWords(dossier.data.at)}, for {dossier.data.by.name}
          </>
        )}
      </PageHeader>
      {closed === undefined ? (
        <Loaded query={dossier} label="Putting the dossier together" rows={10}>
          {(data) => <Parts tenant={tenant} dossier={data} />}
        </Loaded>
      ) : (
        <EmptyState title="Dossiers are an auditor’s">{closed}</EmptyState>
      )}
      <div className="mt-6 print:hidden">
        <CopyLine line={`caisson dossier ${application} ${release} --tenant ${tenant}`} />
      </div>
    </>
  )
}

function Parts({ tenant, dossier }: { tenant: string; dossier: DossierView }): ReactNode {
  const { release } = dossier
  return (
    <div className="grid gap-6">
      <Section title="The release" isBoxed>
        <FactList
          facts={[
            ['Channel', release.channel],
            ['Uploaded by', release.createdBy.name],
            ['Uploaded', exactWords(release.createdAt)],
            ['Commit', release.commit],
            [
              'Image',
              <code key="image" className="font-mono break-all">
                {release.digest}
              </code>,
            ],
            ['Runs in', release.runsIn.join(', ') || 'nowhere now'],
            ['Java', release.facts ? `${release.facts.kind} JAR, level ${release.facts.javaLevel}` : ''],
          ]}
        />
      </Section>
      {release.components.map((component) => (
        <Section key={component.name} title={release.components.length > 1 ? `Sealed: ${component.name}` : 'Sealed'}>
          <SealLineView seal={component.seal} />
          <dl className="mt-2 grid gap-x-3 text-sm break-all sm:grid-cols-[64px_1fr]">
            <Full name="JAR" digest={component.seal.artifactDigest} />
            <Full name="Base" digest={component.seal.baseDigest} />
            <Full name="Image" digest={component.seal.imageDigest} />
          </dl>
        </Section>
      ))}
      <DossierStays stays={dossier.stays} />
      <Section title="Exceptions">
        <ExceptionList tenant={tenant} exceptions={dossier.exceptions} isExact />
      </Section>
      <DossierChecklists tenant={tenant} dossier={dossier} />
      <DossierChanges changes={dossier.changes} />
      <DossierLog log={dossier.log} status={dossier.status} />
    </div>
  )
}

/** On paper nothing can be copied or pointed at, so the whole digest stands there. */
function Full({ name, digest }: { name: string; digest: string }): ReactNode {
  if (digest === '') return null
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="font-mono">{digest}</dd>
    </>
  )
}
