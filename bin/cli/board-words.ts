// The board, a row and a cell of it, in words.
import { facts, short, table, time } from '#bin/cli/print'
import type { BoardCell, BoardView } from '#lib/promotions/board'
import type { CellView } from '#lib/promotions/cell'
import type { ComponentReadiness } from '#lib/readiness/component-readiness'
import type { DeploymentView, FailedDeploy } from '#lib/readiness/deployment'
import { driftWords, reasonWords } from '#lib/readiness/reasons'

export function describeBoard(board: BoardView): string {
  const head = ['APPLICATION', ...board.environments.map(({ slug, freeze }) => slug.toUpperCase() + (freeze.state === 'closed' ? ' (frozen)' : ''))]
  const rows = board.rows.map(({ application, cells }) => [
    application.slug,
    ...cells.map((cell) => [running(cell), flight(cell)].filter(Boolean).join(', ')),
  ])
  const { waiting, rollingOut, notReady } = board.summary
  const sum = `${waiting} waiting, ${rollingOut} rolling out, ${notReady} not ready`
  const empty = board.total === 0 ? '\nNothing yet. Start with: caisson upload FILE.jar --app SLUG --create-app' : ''
  return `${table(head, rows)}\n${sum}${board.total > board.rows.length ? ` (${board.rows.length} of ${board.total} applications)` : ''}${empty}`
}

export function describeRow(row: BoardView['rows'][number]): string {
  const rows = row.cells.map((cell) => [
    cell.environment,
    cell.running?.release ?? '–',
    cell.running ? short(cell.running.digest) : '',
    stateWords(cell),
    time(cell.running?.deployedAt ?? null),
    flight(cell),
  ])
  const locks = row.locks.filter(({ state }) => state === 'open' || state === 'shut' || state === 'waiting')
  const lines = locks.map(({ from, to, reason }) => `  ${from} → ${to}: ${reason}`)
  return [table(['ENVIRONMENT', 'RELEASE', 'DIGEST', 'STATE', 'SINCE', 'IN FLIGHT'], rows), ...lines].join('\n')
}

/** One place: what runs there, how each component and replica is doing, and apart from that what failed to come. */
export function describeCell(cell: CellView, readiness: DeploymentView | null, failed: FailedDeploy | null): string {
  const head = facts([
    ['application', cell.application.slug],
    ['environment', cell.environment.slug],
    ['runs', cell.now.running ? `${cell.now.running.release} ${cell.now.running.digest}` : 'nothing yet'],
    ['state', stateWords(cell.now)],
    ['because', readiness && readiness.reason !== '' ? reasonWords(readiness.reason) : ''],
    ['looked at', time(readiness?.observedAt ?? null)],
    ['address', cell.address],
    ['in flight', cell.inFlight ? `${flight(cell.now)}, ${cell.inFlight.id}` : ''],
    ['deploy failed', failed ? `${failed.kind} ${failed.release}, ${time(failed.at)}: ${failed.message} (${failed.promotionId})` : ''],
  ])
  const parts = [head]
  const components = readiness?.components ?? []
  if (components.some(({ dependsOn }) => dependsOn.length > 0) || components.length > 1) {
    const rows = components.map((one) => [
      String(one.wave + 1),
      one.name,
      one.state.replaceAll('_', ' '),
      `${one.ready}/${one.wanted}`,
      whyWords(one),
    ])
    parts.push(table(['STARTS', 'COMPONENT', 'STATE', 'READY', 'BECAUSE'], rows))
  }
  if (cell.replicas.length > 0) {
    const rows = cell.replicas.map((one) => {
      const seen = readiness?.replicas.find(({ id }) => id === one.id)
      const drift = seen && seen.drift !== 'none' ? [driftWords[seen.drift], seen.driftDetail].filter(Boolean).join(': ') : ''
      return [one.id, one.component, short(one.digest), seen?.state ?? one.state, seen?.reason ?? one.reason, time(one.startedAt), drift]
    })
    parts.push(table(['REPLICA', 'COMPONENT', 'DIGEST', 'STATE', 'REASON', 'STARTED', 'DRIFT'], rows))
  }
  return parts.join('\n\n')
}

function whyWords({ reason, waitsFor }: ComponentReadiness): string {
  if (waitsFor.length > 0) return `waiting for ${waitsFor.map(({ component, condition }) => `${component} (${condition})`).join(', ')}`
  return reason === '' ? '' : reasonWords(reason)
}

function running(cell: BoardCell): string {
  return cell.running ? `${cell.running.release} ${stateWords(cell)}` : cell.inFlight ? '' : '–'
}

function stateWords({ running: now }: BoardCell): string {
  if (!now) return ''
  if (now.isStopped) return 'stopped'
  return `${now.state.replaceAll('_', ' ')} ${now.readyReplicas}/${now.replicas}${now.reason === '' ? '' : ` (${now.reason})`}`
}

function flight({ inFlight, isBlocked }: BoardCell): string {
  if (!inFlight) return ''
  const steps = inFlight.total === 0 ? '' : ` ${inFlight.done}/${inFlight.total}`
  return `${inFlight.kind} ${inFlight.release} ${isBlocked ? 'blocked' : inFlight.state.replaceAll('_', ' ')}${steps}`
}
