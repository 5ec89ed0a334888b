'use client'
import { useMutation } from '@tanstack/react-query'
import { RotateCw } from 'lucide-react'
import type { ReactNode } from 'react'
import { apiSend, type Problem } from '#components/api'
import { tenantPath } from '#components/live'
import { Button } from '#components/ui/button'
import { CopyLine } from '#components/ui/copy-line'
import { Digest } from '#components/ui/digest'
import { ProblemNotice } from '#components/ui/problem-notice'
import { Status } from '#components/ui/status'
import type { ReproductionView } from '#lib/releases/release'

/** Builds the image again from the stored JAR and shows both digests. */
export function Reproduce({ tenant, application, name }: { tenant: string; application: string; name: string }): ReactNode {
  const rebuild = useMutation<ReproductionView, Problem>({
    mutationFn: () => apiSend<ReproductionView>('POST', tenantPath(tenant, 'applications', application, 'releases', name, 'reproductions')),
  })
  const { data, error } = rebuild
  return (
    <div className="mt-2 grid gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button size="sm" icon={RotateCw} busy={rebuild.isPending} onClick={() => rebuild.mutate()}>
          Reproduce
        </Button>
        <div role="status" className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1 text-ink-2">
          {rebuild.isPending && 'Building it again from the stored JAR.'}
          {!rebuild.isPending && data && (
            <>
              <Status tone={data.isIdentical ? 'ok' : 'bad'}>{data.isIdentical ? 'identical' : 'not identical'}</Status>
              rebuilt as <Digest digest={data.rebuiltDigest} isCopied />
              {!data.isIdentical && (
                <>
                  instead of <Digest digest={data.imageDigest} isCopied />
                </>
              )}
              in {(data.tookMs / 1000).toFixed(1)} s
            </>
          )}
          {rebuild.isIdle && <CopyLine line={`caisson reproduce ${application} ${name} --tenant ${tenant}`} className="max-sm:hidden" />}
        </div>
      </div>
      {error && <ProblemNotice problem={error} title="It was not built again" />}
    </div>
  )
}
