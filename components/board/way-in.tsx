import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { EntryLock, GateLock } from '#components/board/gate-lock'
import { useIsReader } from '#components/layout/reader'
import type { SheetAsk } from '#components/sheet/use-sheet'
import type { BoardColumn, BoardRow } from '#lib/promotions/board'

interface WayInProps {
  row: BoardRow
  column: BoardColumn
  isLowTier: boolean
  onOpen: (ask: SheetAsk) => void
  tabIndex?: number
  direction?: 'across' | 'up'
}

/** What leads into an environment: a lock for each environment upstream, or the way in from the newest release. */
export function WayIn({ row, column, isLowTier, onOpen, tabIndex = 0, direction = 'across' }: WayInProps): ReactNode {
  const application = row.application.slug
  const locks = row.locks.filter(({ to }) => to === column.slug)
  const cell = row.cells.find(({ environment }) => environment === column.slug)
  const isEntry = column.upstream.length === 0
  const isReader = useIsReader()
  const isNews = !isReader && isEntry && column.standing === 'within_tier' && cell !== undefined && cell.inFlight === null && cell.behind > 0
  const isEmpty = isEntry ? !isNews : locks.every(({ state }) => state === 'none')
  return (
    <div
      className={clsx(
        'relative flex shrink-0 items-center justify-center gap-1',
        direction === 'across' ? 'flex-col' : 'w-full justify-start pl-1',
        direction === 'across' && !isEmpty && !isEntry && 'before:absolute before:inset-x-0 before:top-1/2 before:h-px before:bg-line-strong',
        direction === 'across' && wayWidth(column, isLowTier),
      )}
    >
      {isNews && (
        <EntryLock
          application={application}
          environment={column.slug}
          closedFor={column.freeze.state === 'closed' ? column.freeze.reason : undefined}
          onOpen={onOpen}
          isWorded={isLowTier || direction === 'up'}
          tabIndex={tabIndex}
        />
      )}
      {locks.map((lock) => (
        <GateLock key={lock.from} application={application} lock={lock} onOpen={onOpen} isWorded={direction === 'up'} tabIndex={tabIndex} />
      ))}
    </div>
  )
}

/** The room that it takes beside a cell, and above one in the head. */
export function wayWidth(column: BoardColumn, isLowTier: boolean): string {
  if (column.upstream.length > 0) return 'w-[62px]'
  return isLowTier ? 'w-[92px]' : 'w-[46px]'
}
