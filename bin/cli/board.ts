// board, status: what runs where, and how it is.
import type { Command } from 'commander'
import { path } from '#bin/cli/api'
import { overApi, type CommonOptions } from '#bin/cli/over-api'
import { facts, show, short, table, time } from '#bin/cli/print'
import type { BoardCell, BoardView } from '#lib/promotions/board'
import type { CellView } from '#lib/promotions/cell'
import { Refusal } from '#lib/platform/refusal'

export function addBoard(program: Command): void {
  overApi(
    program
      .command('board')
      .description('applications by environments: release, state, what is in flight')
      .option('--search <text>', 'part of a name'),
    async (api, options: CommonOptions & { search?: string }) => {
      const board = await api.call<BoardView>('GET', '/tenants/{tenant}/board', { search: options.search })
      show(options, board, () => describeBoard(board))
    },
  )

  overApi(
    program
      .command('status')
      .argument('[app]')
      .argument('[environment]')
      .description('one application everywhere, or in one environment with its replicas; without any, the board'),
    async (api, app: string | undefined, environment: string | undefined, options: CommonOptions) => {
      if (app !== undefined && environment !== undefined) {
        const cell = await api.call<CellView>('GET', path`/tenants/{tenant}/board/${app}/${environment}`)
        return show(options, cell, () => describeCell(cell))
      }
      const board = await api.call<BoardView>('GET', '/tenants/{tenant}/board', { search: app })
      if (app === undefined) return show(options, board, () => describeBoard(board))
      const row = board.rows.find(({ application }) => application.slug === app)
      if (!row)
        throw new Refusal('not_found', `There is no application ${app} that you can see.`, {
          fix: 'Look at `caisson board` for those that there are.',
        })
      show(options, row, () => describeRow(row))
    },
  )
}

function describeBoard(board: BoardView): string {
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

function describeRow(row: BoardView['rows'][number]): string {
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

function describeCell(cell: CellView): string {
  const head = facts([
    ['application', cell.application.slug],
    ['environment', cell.environment.slug],
    ['runs', cell.now.running ? `${cell.now.running.release} ${cell.now.running.digest}` : 'nothing yet'],
    ['state', stateWords(cell.now)],
    ['address', cell.address],
    ['in flight', cell.inFlight ? `${flight(cell.now)}, ${cell.inFlight.id}` : ''],
  ])
  const replicas = cell.replicas.map((one) => [one.id, one.component, short(one.digest), one.state, one.reason, time(one.startedAt)])
  return replicas.length === 0 ? head : `${head}\n\n${table(['REPLICA', 'COMPONENT', 'DIGEST', 'STATE', 'REASON', 'STARTED'], replicas)}`
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
