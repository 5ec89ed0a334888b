// promote, rollback, stop, start, restart, scale: everything that changes what an environment runs is a promotion.
import { Option, type Command } from 'commander'
import { path, type Api } from '#bin/cli/api'
import { overApi, type CommonOptions } from '#bin/cli/over-api'
import { note, show, table, time } from '#bin/cli/print'
import { describePromotion, followToSettled, isSettled } from '#bin/cli/promotion-progress'
import type { PromotionPage, PromotionView, RequestPromotionInput } from '#lib/promotions/promotion'
import type { RecoveryHistory } from '#lib/promotions/recovery'
import { isWithinTarget } from '#lib/promotions/recovery-target'
import { promotionKinds } from '#lib/promotions/promotion-kind'
import { Refusal } from '#lib/platform/refusal'

interface WaitOptions {
  wait?: boolean
  timeout?: string
}

interface RequestOptions extends CommonOptions, WaitOptions {
  reason?: string
  incident?: string
  supersede?: string
}

interface PromoteOptions extends RequestOptions {
  to: string
  kind?: RequestPromotionInput['kind']
  replicas?: string
}

interface RollbackOptions extends RequestOptions {
  to?: string
  config: 'now' | 'then'
  restored?: string
  acknowledge?: 'contract'
}

export function addPromotions(program: Command): void {
  asRequest(
    program
      .command('promote')
      .argument('<app>')
      .argument('[release]', 'its name; not needed by config, restart, stop, start and scale')
      .description('bring a release into an environment')
      .requiredOption('--to <environment>', 'where to')
      .addOption(new Option('--kind <kind>', 'promote or deploy by the environment, when absent').choices(promotionKinds))
      .option('--replicas <count>', 'of kind scale: how many of each component')
      .addHelpText(
        'after',
        `
A request that a gate refuses leaves nothing and ends with exit code 19 (gates) or 20 (freeze); the gates are
printed with what would fix them. One that waits for approval is kept; --wait stays until it is settled.

  $ caisson promote orders v1.4.0 --to dev --wait
  $ caisson promote orders v1.4.0 --to prod --reason "the June release"
  $ caisson promote orders --to dev --kind config`,
      ),
    (_api, app: string, release: string | undefined, { to, kind, replicas }: PromoteOptions) => ({
      application: app,
      environment: to,
      release,
      kind,
      ...(replicas === undefined ? {} : { replicas: count(replicas) }),
    }),
  )

  asRequest(
    program
      .command('rollback')
      .argument('<app>')
      .argument('<environment>')
      .description('go back to a release that ran there')
      .option('--to <release>', 'which one; the last good one when absent')
      .addOption(new Option('--config <which>', 'the overlay as it is now, or as it was then').choices(['now', 'then']).default('now'))
      .option('--restored <text>', 'over another state: what was restored, and from when')
      .addOption(new Option('--acknowledge <warning>', 'a database that may know more migrations than the release').choices(['contract']))
      .addHelpText(
        'after',
        `
A rollback says why: --reason. A freeze and a hold do not stop it; afterwards the place is held until somebody lifts it
(caisson hold lift). Without --to it prints which release was chosen before it asks for it. Where the release declares
another state than what runs, stop the application, restore its state, then roll back with --restored. Where its JAR has
fewer database migrations than what ran there, it is refused until --acknowledge contract says that this was seen to.

  $ caisson rollback orders prod --reason "errors at checkout" --incident INC-7 --wait
  $ caisson rollback orders prod --to v1.3.2 --config then --reason "errors at checkout"`,
      ),
    async (api, app: string, environment: string, { to, config, restored, acknowledge }: RollbackOptions) => ({
      application: app,
      environment,
      kind: 'rollback' as const,
      config,
      restored,
      ...(acknowledge === undefined ? {} : { acknowledge: [acknowledge] }),
      release: to ?? (await lastGood(api, app, environment)),
    }),
  )

  overApi(
    program
      .command('recoveries')
      .argument('<app>')
      .description('how long each rollback took, from stop to verified')
      .option('--env <slug>', 'only this environment'),
    async (api, application: string, options: CommonOptions & { env?: string }) => {
      const history = await api.call<RecoveryHistory>('GET', '/tenants/{tenant}/recoveries', { application, environment: options.env })
      show(options, history, () => recoveryTable(history))
    },
  )

  const operations = {
    stop: 'stop an application in an environment',
    start: 'start what was stopped',
    restart: 'restart, replica by replica',
  } as const
  for (const [kind, says] of Object.entries(operations) as [keyof typeof operations, string][]) {
    asRequest(
      program.command(kind).argument('<app>').argument('<environment>').description(says),
      (_api, app: string, environment: string, _options: RequestOptions) => ({ application: app, environment, kind }),
    )
  }
  asRequest(
    program.command('scale').argument('<app>').argument('<environment>').argument('<replicas>').description('run so many replicas of each component'),
    (_api, app: string, environment: string, replicas: string, _options: RequestOptions) => ({
      application: app,
      environment,
      kind: 'scale' as const,
      replicas: count(replicas),
    }),
  )

  overApi(
    program
      .command('promotions')
      .description('promotions, newest first')
      .option('--app <slug>', 'of this application only')
      .option('--env <slug>', 'into this environment only')
      .option('--state <state>', 'requested, approved, rolling_out, completed, failed, rejected, cancelled, expired or superseded'),
    async (api, options: CommonOptions & { app?: string; env?: string; state?: string }) => {
      const { app: application, env: environment, state } = options
      const page = await api.call<PromotionPage>('GET', '/tenants/{tenant}/promotions', { application, environment, state, pageSize: 50 })
      show(options, page, () => promotionTable(page.items))
    },
  )

  withWait(
    overApi(
      program.command('promotion').argument('<id>').description('one promotion: what it changes, its gates, decisions and rollout'),
      async (api, id: string, options: CommonOptions & WaitOptions) => {
        const promotion = await api.call<PromotionView>('GET', path`/tenants/{tenant}/promotions/${id}`)
        await present(api, promotion, options)
      },
    ),
  )
}

/** A command that asks for a promotion; `inputOf` makes the request of its arguments. */
export function asRequest<Args extends unknown[]>(
  command: Command,
  inputOf: (api: Api, ...args: Args) => Partial<RequestPromotionInput> | Promise<Partial<RequestPromotionInput>>,
): void {
  command
    .option('--reason <text>', 'why, for everyone who reads the record')
    .option('--incident <id>', 'the incident that it is for')
    .option('--supersede <promotion>', 'replace this one, which waits in the same place')
  withWait(
    overApi(command, async (api, ...args: Args) => {
      const options = args.at(-1) as RequestOptions
      const { reason, incident, supersede } = options
      const input = await inputOf(api, ...args)
      const promotion = await api.call<PromotionView>('POST', '/tenants/{tenant}/promotions', { ...input, reason, incident, supersede })
      await present(api, promotion, options)
    }),
  )
}

function withWait(command: Command): Command {
  return command
    .option('--wait', 'stay until it is settled: exit code 0 when it completed, 2 when not')
    .option('--timeout <seconds>', 'with --wait: leave after so long, with exit code 3; nothing is cancelled', '900')
}

/** Prints a promotion as it stands, or follows it to its end; the exit code says how that was. */
export async function present(api: Api, promotion: PromotionView, options: CommonOptions & WaitOptions): Promise<void> {
  if (!options.wait) return show(options, promotion, () => describePromotion(promotion))
  const limitMs = Number(options.timeout ?? '900') * 1000
  if (!(limitMs >= 0))
    throw new Refusal('invalid_input', `--timeout ${options.timeout} is no number of seconds.`, { fix: 'Write it as --timeout 900.' })
  if (!options.json) note(describePromotion(promotion))
  const last = await followToSettled(api, promotion, limitMs, options.json ? () => {} : note)
  const state = last.state.replaceAll('_', ' ')
  show(options, last, () => `${state}${tookWords(last)}${last.outcome === '' ? '' : `: ${last.outcome}`}`)
  if (!isSettled(last)) note(`Still ${state}. It goes on without this command: caisson promotion ${last.id} --wait`)
  if (last.state !== 'completed') process.exitCode = isSettled(last) ? 2 : 3
}

/** From the start of the rollout to its verified end: of a rollback, the time to recovery. */
function tookWords({ rollout }: PromotionView): string {
  if (!rollout?.startedAt || !rollout.settledAt) return ''
  return ` after ${((Date.parse(rollout.settledAt) - Date.parse(rollout.startedAt)) / 1000).toFixed(1)} s`
}

function count(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new Refusal('invalid_input', `“${text}” is no number of replicas.`, { fix: 'Write it as 3.' })
}

async function lastGood(api: Api, application: string, environment: string): Promise<string | undefined> {
  const { candidates } = await api.call<{ candidates: { release: string; isLastGood: boolean; completedAt: string }[] }>(
    'GET',
    '/tenants/{tenant}/rollback-candidates',
    { application, environment },
  )
  const chosen = candidates.find(({ isLastGood }) => isLastGood)
  if (chosen) note(`Going back to ${chosen.release}, which completed there ${time(chosen.completedAt)}.`)
  return chosen?.release
}

export function promotionTable(items: PromotionPage['items']): string {
  if (items.length === 0) return 'No promotions.'
  const rows = items.map((one) => [
    one.id,
    one.kind,
    `${one.application.slug} ${one.release}`,
    one.environment.slug,
    one.state.replaceAll('_', ' '),
    one.requestedBy.name,
    time(one.requestedAt),
  ])
  return table(['PROMOTION', 'KIND', 'RELEASE', 'ENVIRONMENT', 'STATE', 'BY', 'AT'], rows)
}

function recoveryTable({ items, p50Ms, p90Ms, verified, withinTarget }: RecoveryHistory): string {
  if (items.length === 0) return 'It was never rolled back.'
  const rows = items.map((one) => [
    time(one.startedAt),
    one.environment,
    one.from === '' ? one.release : `${one.from} → ${one.release}`,
    one.recoveryMs === null
      ? one.state.replaceAll('_', ' ')
      : `${seconds(one.recoveryMs)}${isWithinTarget(one.recoveryMs, one.targetSeconds) ? '' : ' (over)'}`,
    `${one.targetSeconds} s`,
    one.reason,
  ])
  const all = table(['WHEN', 'ENVIRONMENT', 'RELEASE', 'TOOK', 'TARGET', 'REASON'], rows)
  if (p50Ms === null || p90Ms === null) return all
  return `${all}\n\nhalf took at most ${seconds(p50Ms)}, nine of ten ${seconds(p90Ms)}; ${withinTarget} of ${verified} within the target`
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
