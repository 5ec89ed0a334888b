'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { clsx } from 'clsx'
import { useRef, type ReactNode } from 'react'
import { CellFace } from '#components/board/cell-face'
import { ColumnHead } from '#components/board/column-head'
import { useGridKeys, type Spot } from '#components/board/use-grid-keys'
import type { BoardActions } from '#components/board/use-board'
import { WayIn } from '#components/board/way-in'
import { countWords } from '#components/ui/count-words'
import type { BoardRow, BoardView } from '#lib/promotions/board'

const rowHeight = 77
const headHeight = 53
const nameWidth = 176
/** More columns than this scroll sideways on most screens: a line then parts the names from them. */
const fits = 4
/** Fewer rows are all there, so that the browser finds words in them. */
const windowedFrom = 30

/** Applications down, environments across. Arrows move over the cells, Enter opens one, `p` promotes, `r` rolls back. */
export function BoardGrid({ board, actions }: { board: BoardView; actions: BoardActions }): ReactNode {
  const { environments, rows } = board
  const isWide = environments.length > fits
  const body = useRef<HTMLDivElement>(null)
  const box = useRef<HTMLDivElement>(null)
  // oxlint-disable-next-line react/incompatible-library -- no compiler memoizes what it answers
  const windowed = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
  })
  const shown = rows.length < windowedFrom ? rows.map((_, index) => index) : windowed.getVirtualItems().map(({ index }) => index)
  const keys = useGridKeys({ board, actions, body, scrollTo: (index) => windowed.scrollToIndex(index, { align: 'auto' }) })
  const template = {
    gridTemplateColumns: `minmax(${nameWidth}px, 17%) repeat(${environments.length}, minmax(${board.isLowTier ? 300 : 268}px, 1fr))`,
  }
  return (
    // Head and names stay in sight; what gets the focus is never under them.
    <div
      ref={box}
      className="max-h-[max(420px,calc(100dvh-196px))] overflow-auto rounded-3 border bg-surface"
      style={{ scrollPadding: `${headHeight + 8}px 16px 16px ${nameWidth + 70}px` }}
    >
      <div
        role="grid"
        aria-label="Board"
        aria-rowcount={rows.length + 1}
        tabIndex={-1}
        onKeyDown={keys.onKeyDown}
        className="w-max min-w-full"
        style={{ minWidth: `max(100%, ${nameWidth + environments.length * 268}px)` }}
      >
        <div role="row" aria-rowindex={1} className="sticky top-0 z-20 grid border-b bg-sunken" style={{ ...template, height: headHeight }}>
          <div
            role="columnheader"
            className={clsx('sticky left-0 z-10 flex items-center bg-sunken px-3.5 py-2 text-sm font-[550] text-ink-2', isWide && 'border-r')}
          >
            Application
          </div>
          {environments.map((column) => (
            <ColumnHead key={column.slug} column={column} isLowTier={board.isLowTier} />
          ))}
        </div>
        <div ref={body} role="rowgroup" className="relative" style={{ height: rows.length * rowHeight }}>
          {shown.map((index) => {
            const row = rows[index]
            return (
              row && (
                <GridRow
                  key={row.application.slug}
                  board={board}
                  row={row}
                  index={index}
                  template={template}
                  actions={actions}
                  active={keys.active.row === index || (!shown.includes(keys.active.row) && shown[0] === index) ? keys.active : null}
                  onFocus={keys.setActive}
                />
              )
            )
          })}
        </div>
      </div>
    </div>
  )
}

interface GridRowProps {
  board: BoardView
  row: BoardRow
  index: number
  template: { gridTemplateColumns: string }
  actions: BoardActions
  /** Where the focus is or would come, when it is in this row. */
  active: Spot | null
  onFocus: (spot: Spot) => void
}

function GridRow({ board, row, index, template, actions, active, onFocus }: GridRowProps): ReactNode {
  const { slug, name, componentCount } = row.application
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={clsx('absolute inset-x-0 grid bg-surface', index < board.rows.length - 1 && 'border-b')}
      style={{ ...template, height: rowHeight, top: index * rowHeight }}
    >
      <div
        role="rowheader"
        className={clsx('sticky left-0 z-10 grid min-w-0 content-center bg-surface px-3.5', board.environments.length > fits && 'border-r')}
      >
        <span className="line-clamp-2 leading-tight font-[600] break-words" title={name}>
          {slug}
        </span>
        <span className="truncate text-sm text-ink-3">{countWords(componentCount, 'component')}</span>
      </div>
      {board.environments.map((column, at) => {
        const cell = row.cells[at]
        if (!cell) return null
        const place = { application: slug, environment: column.slug }
        return (
          <div key={column.slug} role="gridcell" className="flex min-w-0">
            <WayIn row={row} column={column} isLowTier={board.isLowTier} onOpen={actions.openSheet} tabIndex={active ? 0 : -1} />
            <a
              href={`?cell=${slug}/${column.slug}`}
              data-spot={`${index}:${at}`}
              tabIndex={active?.column === at ? 0 : -1}
              onFocus={() => onFocus({ row: index, column: at })}
              onClick={(event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey) return
                event.preventDefault()
                actions.openCell(place)
              }}
              className="relative flex min-w-0 flex-1 px-3.5 transition-colors duration-(--quick) hover:bg-accent/4 focus-visible:-outline-offset-2"
            >
              <span className="sr-only">
                {slug} in {column.slug}:
              </span>
              <CellFace cell={cell} />
            </a>
          </div>
        )
      })}
    </div>
  )
}
