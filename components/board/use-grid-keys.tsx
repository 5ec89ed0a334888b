'use client'
import { useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import type { BoardActions } from '#components/board/use-board'
import { areSingleKeysOn } from '#components/layout/use-keys'
import type { BoardRow, BoardView } from '#lib/promotions/board'

/** A cell by its place on the screen, both from 0. */
export interface Spot {
  row: number
  column: number
}

interface GridKeysOptions {
  board: BoardView
  actions: BoardActions
  body: RefObject<HTMLDivElement | null>
  scrollTo: (row: number) => void
}

/** How long a `g` means that the next key goes somewhere else. */
const sequenceMs = 1200

/** Arrows, Home and End over the cells (one of them is in the tab order), `p` and `r` on the focused one. */
export function useGridKeys({ board, actions, body, scrollTo }: GridKeysOptions) {
  const [active, setActive] = useState<Spot>({ row: 0, column: 0 })
  const leaderAt = useRef(Number.NEGATIVE_INFINITY)
  const focus = ({ row, column }: Spot, isRetried = false): void => {
    const element = body.current?.querySelector<HTMLElement>(`[data-spot="${row}:${column}"]`)
    if (element) {
      // A browser that focuses leaves what is half in sight as it is.
      element.focus({ preventScroll: true })
      element.scrollIntoView({ block: 'nearest', inline: 'nearest' })
      return
    }
    if (isRetried) return
    scrollTo(row)
    requestAnimationFrame(() => requestAnimationFrame(() => focus({ row, column }, true)))
  }
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const spot = spotOf(event.target)
    if (!spot) return
    const next = moved(spot, event.key, board)
    if (next) {
      event.preventDefault()
      focus(next)
      return
    }
    const isSequence = event.timeStamp - leaderAt.current < sequenceMs
    leaderAt.current = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY
    if (isSequence || !areSingleKeysOn()) return
    const row = board.rows[spot.row]
    const environment = board.environments[spot.column]?.slug
    if (!row || environment === undefined) return
    if (event.key === 'p') promote(row, environment, actions)
    if (event.key === 'r') actions.rollBack({ application: row.application.slug, environment })
  }
  return { active, setActive, onKeyDown }
}

function spotOf(target: EventTarget): Spot | undefined {
  const words = target instanceof Element ? target.closest('[data-spot]')?.getAttribute('data-spot') : undefined
  const [row, column] = (words ?? '').split(':').map(Number)
  return words && row !== undefined && column !== undefined ? { row, column } : undefined
}

function moved({ row, column }: Spot, key: string, board: BoardView): Spot | undefined {
  const last = { row: board.rows.length - 1, column: board.environments.length - 1 }
  switch (key) {
    case 'ArrowRight':
      return { row, column: Math.min(last.column, column + 1) }
    case 'ArrowLeft':
      return { row, column: Math.max(0, column - 1) }
    case 'ArrowDown':
      return { row: Math.min(last.row, row + 1), column }
    case 'ArrowUp':
      return { row: Math.max(0, row - 1), column }
    case 'Home':
      return { row, column: 0 }
    case 'End':
      return { row, column: last.column }
    default:
      return undefined
  }
}

/** Lifts what runs here to the next environment; where there is none, what comes next into this one. */
function promote(row: BoardRow, environment: string, actions: BoardActions): void {
  const application = row.application.slug
  const way = row.locks.find(({ from, release }) => from === environment && release !== '')
  if (way) actions.openSheet({ application, environment: way.to, release: way.release, kind: 'promote' })
  else actions.openSheet({ application, environment })
}
