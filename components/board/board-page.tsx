'use client'
import { ArrowUpFromLine, Columns3, SearchX } from 'lucide-react'
import type { ReactNode } from 'react'
import { BoardCards } from '#components/board/board-cards'
import { BoardGrid } from '#components/board/board-grid'
import { BoardStrip } from '#components/board/board-strip'
import { CellDrawer } from '#components/board/cell-drawer'
import { lackOf } from '#components/board/cell-words'
import { FilterField } from '#components/board/filter-field'
import { FirstRun } from '#components/board/first-run'
import { StopTheLine } from '#components/board/stop-the-line'
import { useBoard, useBoardActions, useIsNarrow } from '#components/board/use-board'
import { useFirstRun } from '#components/board/use-first-run'
import { ForActors, useIsReader } from '#components/layout/reader'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { Button } from '#components/ui/button'
import { CopyLine } from '#components/ui/copy-line'
import { countWords } from '#components/ui/count-words'
import { EmptyState } from '#components/ui/empty-state'
import { LinkButton } from '#components/ui/link-button'
import { PageHeader } from '#components/ui/page-header'
import { Pagination, rangeWords } from '#components/ui/pagination'
import { ProblemNotice } from '#components/ui/problem-notice'
import { SkeletonRows } from '#components/ui/skeleton'
import type { BoardView } from '#lib/promotions/board'
import type { TenantView } from '#lib/tenants/tenant'

/** A tenant with more applications than this has its first run behind it. */
const firstRunUpTo = 3

/** The home of a tenant: applications down, environments across, and the lock between neighbours as the button. */
export function BoardPage({ tenant }: { tenant: string }): ReactNode {
  const { board, search, setSearch, setPage } = useBoard(tenant)
  const view = useApi<TenantView>(tenantKey(tenant, 'settings', 'tenant'), tenantPath(tenant)).data
  const isNew = view !== undefined && view.usage.applications <= firstRunUpTo
  const steps = useFirstRun(tenant, board.data, view, isNew)
  const isReader = useIsReader()
  const uploadOff = lackOf(view?.roles, 'artifact.upload')
  return (
    <>
      <PageHeader
        title="Board"
        actions={
          <>
            {(search !== '' || (board.data?.total ?? 0) > 0) && <FilterField value={search} onChange={setSearch} />}
            <ForActors>
              <StopTheLine tenant={tenant} disabledReason={lackOf(view?.roles, 'freeze.set')} />
              {uploadOff === undefined ? (
                <LinkButton href={`/t/${tenant}/releases/new`} tone="primary" icon={ArrowUpFromLine}>
                  Upload a JAR
                </LinkButton>
              ) : (
                <Button tone="primary" icon={ArrowUpFromLine} disabledReason={uploadOff}>
                  Upload a JAR
                </Button>
              )}
            </ForActors>
          </>
        }
      >
        {board.data
          ? `${countWords(board.data.total, 'application')}${search ? ' found' : ''}, ${countWords(board.data.environments.length, 'environment')}`
          : 'What runs where, and what may be lifted next'}
      </PageHeader>
      {board.data && <BoardStrip tenant={tenant} board={board.data} at={board.dataUpdatedAt} />}
      {isNew && !isReader && steps && <FirstRun tenant={tenant} steps={steps} />}
      {board.error ? (
        <ProblemNotice problem={board.error} action={<Button onClick={() => void board.refetch()}>Look again</Button>} />
      ) : board.data ? (
        <BoardBody tenant={tenant} board={board.data} search={search} onClear={() => setSearch('')} />
      ) : (
        <SkeletonRows rows={6} label="Loading the board" />
      )}
      <div className="mt-2 flex flex-wrap items-center gap-x-4">
        <CopyLine line={`caisson board --tenant ${tenant}`} />
        {board.data && board.data.total > 0 && (
          <div className="ml-auto">
            <Pages board={board.data} onGo={setPage} isBusy={board.isPlaceholderData} />
          </div>
        )}
      </div>
      <CellDrawer tenant={tenant} />
    </>
  )
}

function BoardBody({ tenant, board, search, onClear }: { tenant: string; board: BoardView; search: string; onClear: () => void }): ReactNode {
  const isNarrow = useIsNarrow()
  const actions = useBoardActions(tenant)
  if (board.rows.length === 0) {
    if (search !== '') {
      return (
        <EmptyState title={`No application is called “${search}”`} icon={SearchX} action={<Button onClick={onClear}>Show all of them</Button>}>
          The filter looks in names and slugs. For a digest, a tag or a commit press / and paste it.
        </EmptyState>
      )
    }
    return (
      <EmptyState
        title="No application yet"
        icon={Columns3}
        action={
          <ForActors>
            <LinkButton href={`/t/${tenant}/releases/new`} tone="primary" icon={ArrowUpFromLine}>
              Upload a JAR
            </LinkButton>
          </ForActors>
        }
      >
        Upload a JAR: it becomes the first release of an application, and the application gets its row here.
      </EmptyState>
    )
  }
  return isNarrow ? <BoardCards board={board} actions={actions} /> : <BoardGrid board={board} actions={actions} />
}

function Pages({ board, onGo, isBusy }: { board: BoardView; onGo: (page: number) => void; isBusy: boolean }): ReactNode {
  const { page, pageSize, total } = board
  const isMore = page * pageSize < total
  return (
    <Pagination
      words={rangeWords(board)}
      onPrevious={page > 1 ? () => onGo(page - 1) : undefined}
      onNext={isMore ? () => onGo(page + 1) : undefined}
      busy={isBusy}
    />
  )
}
