import { ArrowRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { shortDigest } from '#components/ui/digest'
import { DigestMark } from '#components/ui/digest-mark'
import { RelativeTime } from '#components/ui/relative-time'
import type { SheetView } from '#lib/promotions/sheet'

/** From what runs to what would. */
export function SheetEnds({ sheet }: { sheet: SheetView }): ReactNode {
  const { baseline, release, environment, lanes, kind } = sheet
  return (
    <div className="grid items-center gap-3 border-b bg-sunken px-5 py-4 sm:grid-cols-[1fr_56px_1fr]">
      <div className="flex min-w-0 items-center gap-3">
        {baseline ? (
          <DigestMark digest={baseline.digest} size={28} />
        ) : (
          <span aria-hidden className="size-7 rounded-2 border border-dashed border-line-strong" />
        )}
        <div className="min-w-0">
          {baseline ? (
            <>
              <p className="truncate font-mono font-[600]">{baseline.release}</p>
              <p className="text-ink-3 tabular-nums">
                {baseline.isStopped ? (
                  `stopped in ${environment.slug}`
                ) : (
                  <>
                    in {environment.slug} for <RelativeTime at={baseline.deployedAt} bare />, {baseline.readyReplicas}/{baseline.replicas} ready
                  </>
                )}
                , config r{baseline.configRevision}
              </p>
            </>
          ) : (
            <p className="text-ink-3">Nothing runs in {environment.slug} yet</p>
          )}
        </div>
      </div>
      <ArrowRight
        aria-label="becomes"
        size={28}
        strokeWidth={1.8}
        className="rotate-90 justify-self-start text-accent sm:rotate-0 sm:justify-self-center"
      />
      <div className="flex min-w-0 items-center gap-3 sm:flex-row-reverse sm:text-right">
        <DigestMark digest={release.digest} size={28} />
        <div className="min-w-0">
          <p className="truncate font-mono font-[600]">{kind === 'stop' ? 'stopped' : release.name}</p>
          <p className="text-ink-3">
            sealed <RelativeTime at={release.createdAt} /> by {release.createdBy.name},{' '}
            <span className="font-mono text-sm" title={release.digest}>
              {shortDigest(release.digest)}
            </span>
            , config r{lanes.configuration.to}
          </p>
        </div>
      </div>
    </div>
  )
}
