'use client'
import { useRouter } from 'next/navigation'
import { createParser, parseAsInteger, parseAsString, useQueryState, useQueryStates } from 'nuqs'
import { useMemo, useSyncExternalStore } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { useSheet, type SheetAsk } from '#components/sheet/use-sheet'
import type { BoardView } from '#lib/promotions/board'

export interface CellPlace {
  application: string
  environment: string
}

/** `application/environment`, the cell whose drawer is open. */
const parseAsCell = createParser<CellPlace>({
  parse(text) {
    const [application, environment] = text.split('/')
    return application && environment ? { application, environment } : null
  },
  serialize: ({ application, environment }) => `${application}/${environment}`,
  eq: (left, right) => left.application === right.application && left.environment === right.environment,
})

/** The cell in the address (`?cell=`). */
export function useCell(): { place: CellPlace | null; open: (place: CellPlace) => void; close: () => void } {
  const [place, setPlace] = useQueryState('cell', parseAsCell.withOptions({ history: 'push' }))
  return { place, open: (next) => void setPlace(next), close: () => void setPlace(null, { history: 'replace' }) }
}

/** What one can do from the board. */
export interface BoardActions {
  openCell: (place: CellPlace) => void
  openSheet: (ask: SheetAsk) => void
  rollBack: (place: CellPlace) => void
}

export function useBoardActions(tenant: string): BoardActions {
  const router = useRouter()
  const cell = useCell()
  const sheet = useSheet()
  return { openCell: cell.open, openSheet: sheet.open, rollBack: (place) => router.push(rollbackHref(tenant, place)) }
}

export function rollbackHref(tenant: string, { application, environment }: CellPlace): string {
  return `/t/${tenant}/rollback?${new URLSearchParams({ app: application, env: environment })}`
}

/** One page of the board, by the filter and the page of the address. While something rolls out it is asked again every other second. */
export function useBoard(tenant: string) {
  const [filter, setFilter] = useQueryStates({ search: parseAsString.withDefault(''), page: parseAsInteger.withDefault(1) })
  const query = { search: filter.search, page: Math.max(1, filter.page) }
  const key = tenantKey(tenant, 'board', 'page')
  const path = tenantPath(tenant, 'board')
  const board = useApi<BoardView>(key, path, { query, isKept: true })
  const isMoving = board.data?.rows.some(({ cells }) => cells.some(({ inFlight }) => inFlight?.state === 'rolling_out')) ?? false
  useApi<BoardView>(key, path, { query, isEnabled: isMoving, everyMs: 2000 })
  return {
    board,
    search: filter.search,
    setSearch: (search: string) => void setFilter({ search: search || null, page: null }),
    setPage: (page: number) => void setFilter({ page: page === 1 ? null : page }, { history: 'push', scroll: true }),
  }
}

/** Whether the screen is too narrow for columns; wide where nobody knows yet. */
export function useIsNarrow(): boolean {
  const media = useMemo(() => (typeof window === 'undefined' ? undefined : window.matchMedia('(max-width: 767px)')), [])
  return useSyncExternalStore(
    (listen) => {
      media?.addEventListener('change', listen)
      return () => media?.removeEventListener('change', listen)
    },
    () => media?.matches ?? false,
    () => false,
  )
}
