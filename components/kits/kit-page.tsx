'use client'
import { Download } from 'lucide-react'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { parseAsInteger, useQueryState } from 'nuqs'
import { useState, type ReactNode } from 'react'
import { Artifacts } from '#components/kits/artifacts'
import { KitDiff } from '#components/kits/kit-diff'
import { HandOffSection } from '#components/kits/hand-off-section'
import { StageList } from '#components/kits/stage-list'
import { ForActors } from '#components/layout/reader'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { why } from '#components/promotion/promotion-acts'
import { Banner } from '#components/ui/banner'
import { Button } from '#components/ui/button'
import { buttonClass } from '#components/ui/button-class'
import { CopyLine } from '#components/ui/copy-line'
import { Digest } from '#components/ui/digest'
import { Loaded } from '#components/ui/loaded'
import { PageHeader } from '#components/ui/page-header'
import { RelativeTime } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import { Select } from '#components/ui/select'
import type { KitView } from '#lib/kits/kit'

// Their code comes when they are opened.
const HandOffDialog = dynamic(async () => (await import('#components/kits/hand-off-dialog')).HandOffDialog, { ssr: false })
const ReviseDialog = dynamic(async () => (await import('#components/kits/revise-dialog')).ReviseDialog, { ssr: false })

/** A kit: its stages, its artifacts, its revisions, and who took it over. */
export function KitPage({ tenant, kit }: { tenant: string; kit: string }): ReactNode {
  const [revision, setRevision] = useQueryState('revision', parseAsInteger)
  const [against, setAgainst] = useQueryState('against', parseAsInteger)
  const query = useApi<KitView>(tenantKey(tenant, 'release', 'kit', kit, revision ?? 0), tenantPath(tenant, 'kits', kit), {
    query: revision === null ? {} : { revision },
    isKept: true,
  })
  const [dialog, setDialog] = useState<'revise' | 'accept' | null>(null)
  const view = query.data
  const close = (): void => setDialog(null)
  return (
    <>
      <PageHeader
        at={query.dataUpdatedAt}
        title={view ? `${view.application.slug} in ${view.environment.slug}` : 'Install kit'}
        trail={
          <Link href={`/t/${encodeURIComponent(tenant)}/kits`} className="hover:text-ink">
            Install kits
          </Link>
        }
        actions={view && <Acts tenant={tenant} view={view} onRevise={() => setDialog('revise')} onAccept={() => setDialog('accept')} />}
      >
        {view && (
          <>
            <span className="font-mono">{view.document.release.bundle}</span>, made by {view.createdBy.name} <RelativeTime at={view.createdAt} />,
            owned by {view.owner || 'those who release'}
          </>
        )}
      </PageHeader>
      <Loaded query={query} label="Loading the kit" rows={8}>
        {(data) => (
          <Parts
            tenant={tenant}
            view={data}
            against={against === data.revision ? null : against}
            onRevision={(number) => void setRevision(number)}
            onAgainst={(number) => void setAgainst(number)}
          />
        )}
      </Loaded>
      {view && (
        <div className="mt-6">
          <CopyLine line={`caisson kit ${lineOf(view, against)} --tenant ${tenant}`} />
        </div>
      )}
      {view && dialog === 'revise' && (
        <ReviseDialog
          tenant={tenant}
          view={view}
          onClose={() => {
            close()
            void setRevision(null)
          }}
        />
      )}
      {view && dialog === 'accept' && <HandOffDialog tenant={tenant} view={view} onClose={close} />}
    </>
  )
}

function lineOf({ application, environment, revision }: KitView, against: number | null): string {
  const place = `${application.slug} ${environment.slug}`
  return against === null || against === revision ? `show ${place}` : `diff ${place} ${against} ${revision}`
}

function Acts({ tenant, view, onRevise, onAccept }: { tenant: string; view: KitView; onRevise: () => void; onAccept: () => void }): ReactNode {
  return (
    <>
      <a
        href={`/api/v1${tenantPath(tenant, 'kits', view.id, 'archive')}?revision=${view.revision}`}
        download
        className={buttonClass('secondary', 'md', false)}
      >
        <Download aria-hidden size={14} /> Download kit
      </a>
      <ForActors>
        <Button disabledReason={why(view.revise)} onClick={onRevise}>
          New revision
        </Button>
        <Button tone="primary" disabledReason={why(view.accept)} onClick={onAccept}>
          Take over
        </Button>
      </ForActors>
    </>
  )
}

interface PartsProps {
  tenant: string
  view: KitView
  /** The revision that it is compared with. */
  against: number | null
  onRevision: (number: number) => void
  onAgainst: (number: number | null) => void
}

function Parts({ tenant, view, against, onRevision, onAgainst }: PartsProps): ReactNode {
  return (
    <div className="grid grid-cols-1 gap-6">
      {view.drift !== '' && (
        <Banner tone="wait" role="status" title="What runs is not what this revision names">
          {view.drift} Make a new revision once it is as it should be.
        </Banner>
      )}
      <div className="grid grid-cols-1 items-start gap-6 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Section title="Stages" aside={`revision ${view.revision}`}>
          <StageList tenant={tenant} view={view} />
        </Section>
        <div className="grid grid-cols-1 gap-6">
          <Section title="Revision" isBoxed>
            <div className="grid gap-2.5">
              <Select
                label="Revision"
                isLabelHidden
                value={String(view.revision)}
                options={view.revisions.map(({ number, release, standing }) => ({
                  value: String(number),
                  label: `${number}: ${release}, ${standing}`,
                }))}
                onChange={(value) => onRevision(Number(value))}
              />
              {view.revisions.length > 1 && (
                <Select
                  label="Compare with"
                  value={against === null ? '' : String(against)}
                  options={[
                    { value: '', label: 'no other' },
                    ...view.revisions
                      .filter(({ number }) => number !== view.revision)
                      .map(({ number, release }) => ({ value: String(number), label: `${number}: ${release}` })),
                  ]}
                  onChange={(value) => onAgainst(value === '' ? null : Number(value))}
                />
              )}
              {view.reason && <p>{view.reason}</p>}
              <p className="text-sm text-ink-3">
                <Digest digest={view.digest} isMarked={false} isCopied />
              </p>
            </div>
          </Section>
          <HandOffSection tenant={tenant} view={view} />
        </div>
      </div>
      {against !== null && <KitDiff tenant={tenant} kit={view.id} from={against} to={view.revision} />}
      <Artifacts tenant={tenant} view={view} />
    </div>
  )
}
