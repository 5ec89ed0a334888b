'use client'
import type { ReactNode } from 'react'
import { CellInFlight } from '#components/board/cell-in-flight'
import { CellNext } from '#components/board/cell-next'
import { CellNow } from '#components/board/cell-now'
import { CellRecent } from '#components/board/cell-recent'
import { EnvironmentFacts } from '#components/board/column-head'
import { rollbackHref, type CellPlace } from '#components/board/use-board'
import { useIsReader } from '#components/layout/reader'
import { HoldBanner } from '#components/holds/hold-banner'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { windowWords } from '#components/sheet/sheet-words'
import { useSheet } from '#components/sheet/use-sheet'
import { Button } from '#components/ui/button'
import { CopyLine } from '#components/ui/copy-line'
import { Drawer } from '#components/ui/drawer'
import { LinkButton } from '#components/ui/link-button'
import { ProblemNotice } from '#components/ui/problem-notice'
import { SkeletonRows } from '#components/ui/skeleton'
import { UpdatedMark } from '#components/ui/updated-mark'
import type { CellView } from '#lib/promotions/cell'

/** One application in one environment, in a drawer. */
export function OpenCell({ tenant, place, isOpen, onClose }: { tenant: string; place: CellPlace; isOpen: boolean; onClose: () => void }): ReactNode {
  const { application, environment } = place
  const sheet = useSheet()
  const isReader = useIsReader()
  const cell = useApi<CellView>(tenantKey(tenant, 'board', 'cell', application, environment), tenantPath(tenant, 'board', application, environment), {
    isEnabled: isOpen,
  })
  const openSheet: typeof sheet.open = (ask) => {
    onClose()
    sheet.open(ask)
  }
  return (
    <Drawer
      isOpen={isOpen}
      onClose={onClose}
      title={`${application} in ${environment}`}
      description={cell.data && <EnvironmentFacts column={cell.data.environment} />}
      foot={cell.data && !isReader && <Acts tenant={tenant} cell={cell.data} at={cell.dataUpdatedAt} openSheet={openSheet} />}
    >
      {cell.error ? (
        <ProblemNotice problem={cell.error} action={<Button onClick={() => void cell.refetch()}>Look again</Button>} />
      ) : cell.data ? (
        <div className="grid gap-6">
          <HoldBanner tenant={tenant} place={`${application} in ${environment}`} hold={cell.data.now.hold} mayLift={cell.data.may.hold} />
          <CellNow tenant={tenant} cell={cell.data} openSheet={openSheet} />
          {cell.data.inFlight && <CellInFlight tenant={tenant} promotion={cell.data.inFlight} cell={cell.data.now} />}
          <CellNext cell={cell.data} openSheet={openSheet} />
          <CellRecent tenant={tenant} cell={cell.data} />
          <div className="flex flex-wrap items-center justify-between gap-2 border-t pt-3">
            <CopyLine line={`caisson status ${application} ${environment} --tenant ${tenant}`} />
            <UpdatedMark at={cell.dataUpdatedAt} />
          </div>
        </div>
      ) : (
        <SkeletonRows rows={5} label={`Loading ${application} in ${environment}`} />
      )}
    </Drawer>
  )
}

interface ActsProps {
  tenant: string
  cell: CellView
  /** When the answer came, in ms. */
  at: number
  openSheet: ReturnType<typeof useSheet>['open']
}

/** The two things that one comes for: the next release in, or the one before back. */
function Acts({ tenant, cell, at, openSheet }: ActsProps): ReactNode {
  const { application, environment, next, may } = cell
  const place = { application: application.slug, environment: environment.slug }
  const [newest] = next
  const standing = cell.inFlight?.release === newest?.release && (newest?.kind === 'promote' || newest?.kind === 'deploy') ? cell.inFlight : null
  const isEntry = environment.upstream.length === 0
  const word = isEntry ? 'Deploy' : 'Promote'
  const off = !may.request.allowed
    ? may.request.reason
    : newest
      ? undefined
      : isEntry
        ? 'Nothing newer was sealed.'
        : `Nothing newer completed in ${environment.upstream.join(' or ')}.`
  return (
    <>
      {may.rollBack.allowed ? (
        <LinkButton href={rollbackHref(tenant, place)}>Roll back</LinkButton>
      ) : (
        <Button disabledReason={may.rollBack.reason}>Roll back</Button>
      )}
      {standing ? (
        <LinkButton tone="primary" href={`/t/${tenant}/promotions/${standing.id}`}>
          Open the request for {standing.release}
        </LinkButton>
      ) : (
        <Button tone="primary" disabledReason={off} onClick={() => newest && openSheet({ ...place, release: newest.release, kind: newest.kind })}>
          {newest ? `${word} ${newest.release}${windowWords(cell, at)}` : word}
        </Button>
      )}
    </>
  )
}
