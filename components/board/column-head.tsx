import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { wayWidth } from '#components/board/way-in'
import { RelativeTime } from '#components/ui/relative-time'
import { Status } from '#components/ui/status'
import type { BoardColumn } from '#lib/promotions/board'

/** An environment above its cells: where it runs, whether it is open, and until when. */
export function ColumnHead({ column, isLowTier }: { column: BoardColumn; isLowTier: boolean }): ReactNode {
  return (
    <div role="columnheader" className="flex min-w-0 py-2">
      <span className={clsx('shrink-0', wayWidth(column, isLowTier))} />
      <span className="min-w-0 flex-1 px-3.5">
        <span className="block truncate text-sm font-[550] text-ink-2" title={column.name}>
          {column.slug}
        </span>
        <EnvironmentFacts column={column} />
      </span>
    </div>
  )
}

export function EnvironmentFacts({ column }: { column: BoardColumn }): ReactNode {
  const { freeze, runtime, isProtected, standing } = column
  if (standing === 'over_limit') {
    return (
      <Status tone="wait" plain title="The tier of this tenant has no room for it: it can be read, and takes nothing new.">
        read-only
      </Status>
    )
  }
  if (freeze.state === 'closed') {
    return (
      <span className="block truncate text-xs" title={freeze.reason}>
        <Status tone="wait" plain>
          closed
        </Status>{' '}
        <span className="text-ink-3">
          {freeze.endsAt ? (
            <>
              opens <RelativeTime at={freeze.endsAt} />
            </>
          ) : (
            freeze.reason
          )}
        </span>
      </span>
    )
  }
  return (
    <span className="block truncate text-xs text-ink-3">
      {runtime} · {isProtected ? 'protected, ' : ''}
      {freeze.nextCloseAt ? (
        <>
          closes <RelativeTime at={freeze.nextCloseAt} />
        </>
      ) : (
        'open'
      )}
    </span>
  )
}
