'use client'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { RelativeTime } from '#components/ui/relative-time'
import { Status } from '#components/ui/status'
import { UpdatedMark } from '#components/ui/updated-mark'
import type { LogStatus } from '#lib/audit/finding'
import type { BoardColumn, BoardView } from '#lib/promotions/board'

/** What matters in the whole tenant, in one line. `at` is when it was loaded. */
export function BoardStrip({ tenant, board, at }: { tenant: string; board: BoardView; at: number }): ReactNode {
  const { rollingOut, waiting, notReady } = board.summary
  const isQuiet = rollingOut + waiting + notReady === 0
  return (
    <div className="mb-4 flex flex-wrap items-center gap-x-5 gap-y-2 rounded-2 border bg-surface px-4 py-2.5 text-ink-2">
      {rollingOut > 0 && <Status tone="run">{rollingOut} rolling out</Status>}
      {waiting > 0 && (
        <Link href={`/t/${tenant}/approvals`} className="rounded-full hover:underline">
          <Status tone="wait">{waiting === 1 ? '1 waits' : `${waiting} wait`}</Status>
        </Link>
      )}
      {notReady > 0 && <Status tone="bad">{notReady} not ready</Status>}
      {isQuiet && <span className="text-ink-3">Nothing rolls out, nothing waits</span>}
      <Window columns={board.environments} />
      <LogState tenant={tenant} />
      <span className="ml-auto">
        <UpdatedMark at={at} />
      </span>
    </div>
  )
}

/** The window that closes first, or what is closed already. */
function Window({ columns }: { columns: readonly BoardColumn[] }): ReactNode {
  const closed = columns.filter(({ freeze }) => freeze.state === 'closed')
  const [first] = closed
  if (first) {
    return (
      <Status tone="wait" title={first.freeze.reason}>
        {closed.length === columns.length ? 'every environment is closed' : `${closed.map(({ slug }) => slug).join(', ')} closed`}
      </Status>
    )
  }
  const [next] = columns
    .filter(({ freeze }) => freeze.nextCloseAt !== null)
    .toSorted((left, right) => Date.parse(left.freeze.nextCloseAt ?? '') - Date.parse(right.freeze.nextCloseAt ?? ''))
  if (!next?.freeze.nextCloseAt) return null
  return (
    <span>
      {next.slug} closes{' '}
      <strong className="font-[600] text-ink">
        <RelativeTime at={next.freeze.nextCloseAt} />
      </strong>
    </span>
  )
}

/** How far the audit log is verified: never checked, and checked when it was empty, are not verified. */
function LogState({ tenant }: { tenant: string }): ReactNode {
  const { data } = useApi<LogStatus>(tenantKey(tenant, 'audit', 'status'), tenantPath(tenant, 'audit', 'status'))
  if (!data) return null
  const words =
    data.findings.length > 0 ? (
      <Status tone="bad" title={data.findings[0]?.words}>
        {data.findings.length === 1 ? '1 finding in the audit log' : `${data.findings.length} findings in the audit log`}
      </Status>
    ) : data.isSealingLate ? (
      <Status tone="bad">audit log seals late</Status>
    ) : data.verification && (data.verification.size > 0 || data.sealed === 0) ? (
      <span>
        Audit log{' '}
        <strong className="font-[600] text-ink tabular-nums">
          verified to {data.verification.size.toLocaleString('en')} of {data.sealed.toLocaleString('en')}
        </strong>
      </span>
    ) : (
      <span>
        Audit log <strong className="font-[600] text-ink">not checked yet</strong>
      </span>
    )
  return (
    <Link href={`/t/${tenant}/audit`} className="hover:underline max-sm:hidden">
      {words}
    </Link>
  )
}
