'use client'
import type { ReactNode } from 'react'
import { CellFace } from '#components/board/cell-face'
import { EnvironmentFacts } from '#components/board/column-head'
import type { BoardActions } from '#components/board/use-board'
import { WayIn } from '#components/board/way-in'
import { countWords } from '#components/sheet/sheet-lanes'
import type { BoardRow, BoardView } from '#lib/promotions/board'

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
  return (
    <li className="overflow-hidden rounded-3 border bg-surface [contain-intrinsic-height:300px] [content-visibility:auto]">
      <h2 className="flex items-baseline justify-between gap-3 border-b bg-sunken px-3.5 py-2">
        <span className="truncate font-[600]" title={name}>
          {slug}
        </span>
        <span className="text-sm text-ink-3">{countWords(componentCount, 'component')}</span>
      </h2>
      <ol className="px-3.5 py-2">
        {board.environments.map((column, at) => {
          const cell = row.cells[at]
          return (
            cell && (
              <li key={column.slug} className="relative">
                <WayIn row={row} column={column} isLowTier={board.isLowTier} onOpen={actions.openSheet} direction="up" />
                <a
                  href={`?cell=${slug}/${column.slug}`}
                  onClick={(event) => {
                    if (event.metaKey || event.ctrlKey || event.shiftKey) return
                    event.preventDefault()
                    actions.openCell({ application: slug, environment: column.slug })
                  }}
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
                </a>
              </li>
            )
          )
        })}
      </ol>
    </li>
  )
}
