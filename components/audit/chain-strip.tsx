'use client'
import type { ReactNode } from 'react'
import { CopyButton } from '#components/ui/copy-button'
import { Digest } from '#components/ui/digest'
import { RelativeTime } from '#components/ui/relative-time'
import { Status, statusIcons } from '#components/ui/status'
import type { LogStatus } from '#lib/audit/finding'

/** How much of the log is sealed, signed, kept outside and verified; each is a state of its own. */
export function ChainStrip({ status, action }: { status: LogStatus; action: ReactNode }): ReactNode {
  return (
    <section aria-label="The chain" className="mb-4 rounded-3 border bg-surface px-4 py-3">
      <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-2 lg:grid-cols-[auto_auto_1fr_1fr_1fr]">
        <Fact name="Entries">
          <span className="text-lg font-[570] tabular-nums">{status.entries.toLocaleString('en')}</span>
        </Fact>
        <Fact name="Sealed">
          <Sealed status={status} />
        </Fact>
        <Fact name="Last checkpoint">
          {status.checkpoint ? (
            <span className="flex flex-wrap items-center gap-x-1.5">
              signs {status.checkpoint.size.toLocaleString('en')}, <RelativeTime at={status.checkpoint.at} />
              <Digest digest={status.checkpoint.root} />
            </span>
          ) : (
            <Status tone="wait" icon={statusIcons.clock} plain>
              none yet
            </Status>
          )}
        </Fact>
        <Fact name="Anchored outside the database">
          <Anchored status={status} />
        </Fact>
        <Fact name="Last full verification">
          <Verified status={status} />
        </Fact>
      </dl>
      <div className="mt-3 flex flex-wrap items-center justify-between gap-3 border-t pt-3">
        <p className="flex min-w-0 items-center gap-1 text-sm text-ink-3">
          <span className="shrink-0">Key of the checkpoints</span>
          <code className="min-w-0 truncate font-mono" title={status.verifierLine}>
            {status.verifierLine}
          </code>
          <CopyButton text={status.verifierLine} label="Copy the key, to check later checkpoints by" />
        </p>
        {action}
      </div>
    </section>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <div className="min-w-0">
      <dt className="text-sm text-ink-3">{name}</dt>
      <dd className="min-h-6">{children}</dd>
    </div>
  )
}

function Sealed({ status }: { status: LogStatus }): ReactNode {
  if (status.isSealingLate) {
    return (
      <Status tone="bad" plain>
        {status.unsealed} unsealed, the oldest for {Math.round(status.oldestUnsealedMs / 1000)} s
      </Status>
    )
  }
  if (status.unsealed > 0) {
    return (
      <Status tone="run" plain>
        {status.sealed.toLocaleString('en')}, {status.unsealed} unsealed
      </Status>
    )
  }
  return (
    <Status tone="ok" plain>
      all
    </Status>
  )
}

function Anchored({ status }: { status: LogStatus }): ReactNode {
  if (!status.anchor) {
    return (
      <Status tone="wait" icon={statusIcons.clock} plain>
        nowhere yet
      </Status>
    )
  }
  return (
    <>
      {status.anchor.size.toLocaleString('en')} in <code className="font-mono text-sm">anchors/</code> of the data directory,{' '}
      <RelativeTime at={status.anchor.at} />
      {status.newerThanAnchor > 0 && <span className="block text-sm text-ink-3">{status.newerThanAnchor} newer than the anchor</span>}
    </>
  )
}

function Verified({ status }: { status: LogStatus }): ReactNode {
  const { verification, findings } = status
  if (findings.length > 0) {
    return (
      <Status tone="bad" plain>
        {findings.length} {findings.length === 1 ? 'finding' : 'findings'}
      </Status>
    )
  }
  // Checked when it was empty is not verified.
  if (!verification || (verification.size === 0 && status.sealed > 0)) {
    return (
      <Status tone="off" icon={statusIcons.clock} plain>
        not checked yet
      </Status>
    )
  }
  return (
    <span className="inline-flex flex-wrap items-center gap-x-1.5">
      <Status tone="ok" plain>
        {verification.size.toLocaleString('en')} intact
      </Status>
      <RelativeTime at={verification.at} />
    </span>
  )
}
