'use client'
import { ArrowRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { SealLineView } from '#components/release/seal-line'
import { releaseHref } from '#components/release/sheet-link'
import type { UploadRequest } from '#components/release/upload-store'
import { SheetAct } from '#components/sheet/sheet-act'
import { Banner } from '#components/ui/banner'
import { Button } from '#components/ui/button'
import { LinkButton } from '#components/ui/link-button'
import type { UploadResult } from '#lib/releases/release'
import type { EnvironmentView } from '#lib/tenants/environment'

interface UploadResultViewProps {
  tenant: string
  request: UploadRequest
  result: UploadResult
  onAgain: () => void
}

/** What was sealed, on one line, and the way on. */
export function UploadResultView({ tenant, request, result, onAgain }: UploadResultViewProps): ReactNode {
  const { release } = result
  const environments = useApi<{ items: EnvironmentView[] }>(tenantKey(tenant, 'board', 'environments'), tenantPath(tenant, 'environments'))
  const entry = environments.data?.items.find(({ upstream, standing }) => upstream.length === 0 && standing === 'open')
  const seal = release.components[0]?.seal
  return (
    <>
      <Banner tone="ok" role="status" title={`${release.application.slug} ${release.name} is sealed`}>
        {howItCame(result, request)}
      </Banner>
      {seal && <SealLineView seal={seal} />}
      <div className="flex flex-wrap gap-2">
        {entry && (
          <SheetAct
            tenant={tenant}
            tone="primary"
            size="md"
            icon={ArrowRight}
            ask={{ application: release.application.slug, environment: entry.slug, release: release.name, kind: 'deploy' }}
          >
            Deploy to {entry.slug}
          </SheetAct>
        )}
        <LinkButton href={releaseHref(tenant, release.application.slug, release.name)}>Open the release</LinkButton>
        <Button tone="quiet" onClick={onAgain}>
          Upload another
        </Button>
      </div>
    </>
  )
}

function howItCame({ release, isNew, wasBuilt }: UploadResult, { file }: UploadRequest): string {
  if (!isNew) return `${file.name} was here already under this name: nothing was built, nothing changed.`
  if (!wasBuilt) return `${file.name} has the bytes of an image that is here already: it got another name, and nothing was built.`
  return `${file.name} was built into an image in ${((release.components[0]?.seal.buildMs ?? 0) / 1000).toFixed(1)} s. It is not built again.`
}
