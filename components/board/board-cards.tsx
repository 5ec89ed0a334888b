'use client'
import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { CellFace } from '#components/board/cell-face'
import { EnvironmentFacts } from '#components/board/column-head'
import type { BoardActions } from '#components/board/use-board'
import { WayIn } from '#components/board/way-in'
import { countWords } from '#components/ui/count-words'
import type { BoardCell, BoardColumn, BoardRow, BoardView } from '#lib/promotions/board'

/** The board on a narrow screen: one card for each application, its environments as a climb from the first to the last. */
export function BoardCards({ board, actions }: { board: BoardView; actions: BoardActions }): ReactNode {
  return (
    <ul aria-label="Board" className="grid gap-3">
      {board.rows.map((row) => (
        <Card key={row.application.slug} board={board} row={row} actions={actions} />
      ))}
    </ul>
  )
}

function Card({ board, row, actions }: { board: BoardView; row: BoardRow; actions: BoardActions }): ReactNode {
  const { slug, name, componentCount } = row.application
  const [steps, idle] = partsOf(board, row)
  return (
    <li className="rounded-3 border bg-surface [contain-intrinsic-height:auto_160px] [content-visibility:auto]">
      <h2 className="sticky top-12 z-10 flex items-baseline justify-between gap-3 rounded-t-3 border-b bg-sunken px-3.5 py-2">
        <span className="truncate font-[600]" title={name}>
          {slug}
        </span>
        <span className="shrink-0 text-sm text-ink-3">{countWords(componentCount, 'component')}</span>
      </h2>
      {steps.length > 0 && (
        <ol className={clsx('px-3.5 pt-2', idle.length === 0 && 'pb-2')}>
          {steps.map(({ column, cell }) => (
            <li key={column.slug} className="relative">
              <WayIn row={row} column={column} isLowTier={board.isLowTier} onOpen={actions.openSheet} direction="up" />
              <CellLink
                application={slug}
                environment={column.slug}
                actions={actions}
                className="relative my-1 grid gap-1 rounded-2 border px-3 py-2"
              >
                <span className="flex items-baseline justify-between gap-2">
                  <span className="text-sm font-[550] text-ink-2">
                    <span className="sr-only">{slug} in </span>
                    {column.slug}
                  </span>
                  <EnvironmentFacts column={column} />
                </span>
                <CellFace cell={cell} />
              </CellLink>
            </li>
          ))}
        </ol>
      )}
      {idle.length > 0 && (
        <p className="flex flex-wrap gap-x-1 px-3.5 py-2 text-sm text-ink-3">
          Never deployed:
          {idle.map(({ column }, at) => (
            <CellLink
              key={column.slug}
              application={slug}
              environment={column.slug}
              actions={actions}
              className="py-0.5 text-ink-2 underline decoration-line-strong underline-offset-3"
            >
              <span className="sr-only">{slug} in </span>
              {column.slug}
              {at < idle.length - 1 && ','}
            </CellLink>
          ))}
        </p>
      )}
    </li>
  )
}

interface Step {
  column: BoardColumn
  cell: BoardCell
}

/** What is worth a row of its own, and what never was anything yet and nothing can come to. */
function partsOf(board: BoardView, row: BoardRow): [Step[], Step[]] {
  const all = board.environments.flatMap((column, at): Step[] => {
    const cell = row.cells[at]
    return cell ? [{ column, cell }] : []
  })
  const isIdle = ({ column, cell }: Step): boolean =>
    cell.running === null && cell.inFlight === null && cell.behind === 0 && row.locks.every(({ to, state }) => to !== column.slug || state === 'none')
  return [all.filter((step) => !isIdle(step)), all.filter(isIdle)]
}

interface CellLinkProps {
  application: string
  environment: string
  actions: BoardActions
  className: string
  children: ReactNode
}

function CellLink({ application, environment, actions, className, children }: CellLinkProps): ReactNode {
  return (
    <a
      href={`?cell=${application}/${environment}`}
      className={className}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return
        event.preventDefault()
        actions.openCell({ application, environment })
      }}
    >
      {children}
    </a>
  )
}
