// status: how what runs is doing, once or as it changes.
import type { Command } from 'commander'
import { path, type Api } from '#bin/cli/api'
import { describeBoard, describeCell, describeRow } from '#bin/cli/board-words'
import { overApi, type CommonOptions } from '#bin/cli/over-api'
import { harmless, say, show } from '#bin/cli/print'
import { watch, type Sight } from '#bin/cli/watch'
import { Refusal } from '#lib/platform/refusal'
import type { BoardView } from '#lib/promotions/board'
import type { CellView } from '#lib/promotions/cell'
import type { ReadinessView } from '#lib/readiness/deployment'

interface StatusOptions extends CommonOptions {
  watch?: boolean
}

/** What is printed, as data and in words. */
interface Status {
  value: unknown
  words: string
}

export function addStatus(program: Command): void {
  overApi(
    program
      .command('status')
      .argument('[app]')
      .argument('[environment]')
      .description('one application everywhere, or in one environment with its components and replicas; without any, the board')
      .option('-w, --watch', 'stay and show each change, until Ctrl-C')
      .addHelpText(
        'after',
        `
With --watch a terminal is painted anew with each change; elsewhere each change is printed below the last. It is told of changes by the
server, and asks every two seconds where it cannot be. With --json each change is one line: the answer, with the time it was given.

A deploy that failed stands apart from the state of what runs. What nobody looked at for half a minute is unknown.

  $ caisson status orders prod --watch
  $ caisson status orders prod --watch --json | jq -r '.readiness.state'`,
      ),
    async (api, app: string | undefined, environment: string | undefined, options: StatusOptions) => {
      const ask = () => askStatus(api, app, environment)
      if (!options.watch) {
        const { value, words } = await ask()
        return show(options, value, () => words)
      }
      const stopping = new AbortController()
      process.once('SIGINT', () => stopping.abort())
      process.once('SIGTERM', () => stopping.abort())
      await watch(api, { ask, show: options.json ? jsonLines() : painter(), signal: stopping.signal })
    },
  )
}

async function askStatus(api: Api, app: string | undefined, environment: string | undefined): Promise<Status> {
  if (app !== undefined && environment !== undefined) {
    const cell = await api.call<CellView>('GET', path`/tenants/{tenant}/board/${app}/${environment}`)
    const seen = await api.call<ReadinessView>('GET', '/tenants/{tenant}/readiness', { environment, application: app })
    const [here] = seen.environments
    const readiness = here?.deployments[0] ?? null
    const failed = readiness?.failedDeploy ?? here?.failedDeploys[0] ?? null
    return { value: { ...cell, readiness, failedDeploy: failed }, words: describeCell(cell, readiness, failed) }
  }
  const board = await api.call<BoardView>('GET', '/tenants/{tenant}/board', { search: app })
  if (app === undefined) return { value: board, words: describeBoard(board) }
  const row = board.rows.find(({ application }) => application.slug === app)
  if (row) return { value: row, words: describeRow(row) }
  throw new Refusal('not_found', `There is no application ${app} that you can see.`, { fix: 'Look at `caisson board` for those that there are.' })
}

/** An answer without when it was given and when somebody looked last: that alone is no change. */
function gist(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) => (key === 'asOf' || key === 'observedAt' ? undefined : part))
}

/** One line for each answer that says something else than the one before. */
function jsonLines(): (sight: Sight<Status>) => void {
  let told = ''
  return ({ answer, state }) => {
    if (!answer || state === 'away') return
    const text = gist(answer.value)
    if (text === told) return
    told = text
    process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), ...(answer.value as object) })}\n`)
  }
}

/** A terminal is painted anew, so that ages go on; elsewhere only what changed is printed. */
function painter(): (sight: Sight<Status>) => void {
  const isTerminal = process.stdout.isTTY
  let told = ''
  return ({ answer, state, problem }) => {
    const foot = state === 'away' ? `Not reached: ${problem} What stands above is old.` : state === 'live' ? 'live' : 'asked every two seconds'
    if (isTerminal) {
      process.stdout.write(
        `\u001B[H\u001B[2J${harmless(answer?.words ?? '')}\n\n${harmless(foot)}, ${new Date().toISOString().slice(11, 19)}Z. Ctrl-C ends it.\n`,
      )
      return
    }
    const text = `${gist(answer?.value)} ${state === 'away'}`
    if (text !== told) say(`${told === '' ? '' : '\n'}${answer?.words ?? ''}${state === 'away' ? `\n${foot}` : ''}`)
    told = text
  }
}
