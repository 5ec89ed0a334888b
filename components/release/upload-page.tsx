'use client'
import type { ReactNode } from 'react'
import { UploadForm } from '#components/release/upload-form'
import { dropUpload, useUpload } from '#components/release/upload-store'
import { UploadProgress } from '#components/release/upload-progress'
import { UploadResultView } from '#components/release/upload-result'
import Link from 'next/link'
import { CopyLine } from '#components/ui/copy-line'
import { PageHeader } from '#components/ui/page-header'

/** From a JAR to a release: choose, send, sealed. Where it stands is kept beside the page. */
export function UploadPage({ tenant }: { tenant: string }): ReactNode {
  const upload = useUpload(tenant)
  return (
    <>
      <PageHeader
        title="Upload a JAR"
        trail={
          <Link href={`/t/${tenant}/releases`} className="hover:text-ink">
            Releases
          </Link>
        }
      >
        It is inspected, sealed into an image once, and never built again on its way up.
      </PageHeader>
      <div className="grid max-w-200 gap-4">
        {upload?.phase === 'sealed' ? (
          <UploadResultView tenant={tenant} request={upload.request} result={upload.result} onAgain={() => dropUpload(tenant)} />
        ) : upload?.phase === 'sending' || upload?.phase === 'sealing' ? (
          <UploadProgress upload={upload} onStop={() => dropUpload(tenant)} />
        ) : (
          <UploadForm key={upload?.request.file.name} tenant={tenant} refused={upload} />
        )}
      </div>
      <div className="mt-4">
        <CopyLine line={commandOf(tenant, upload?.request)} />
      </div>
    </>
  )
}

function commandOf(tenant: string, request: { application: string; file: File; name: string } | undefined): string {
  const file = request?.file.name ?? 'FILE.jar'
  const line = `caisson upload ${/^[\w.+-]+$/.test(file) ? file : `'${file.replaceAll("'", String.raw`'\''`)}'`} --tenant ${tenant}`
  return `${line} --app ${request?.application ?? 'SLUG'}${request?.name ? ` --name ${request.name}` : ''}`
}
