// freeze, stop-the-line, waive: closing promotion, opening it again, and named exceptions.
import type { Command } from 'commander'
import { path, type Api } from '#bin/cli/api'
import { reauthenticating } from '#bin/cli/account'
import { overApi, type CommonOptions } from '#bin/cli/over-api'
import { show, table, time } from '#bin/cli/print'
import { pointInTime } from '#bin/cli/point-in-time'
import { Refusal } from '#lib/platform/refusal'
import type { FreezeList, FreezeView } from '#lib/promotions/freeze'
import type { Weekly } from '#lib/promotions/weekly'
import { weekdays, weeklyWords } from '#lib/promotions/weekly-words'
import type { WaiverView } from '#lib/promotions/waiver'

interface ScopeOptions extends CommonOptions {
  env?: string
  app?: string
}

export function addFreezes(program: Command): void {
  const freeze = program.command('freeze').description('times at which promotion is closed: list, set, skip, lift').addHelpText('after', afterFreeze)
  overApi(
    freeze.command('list').description('what is closed and when it will be').option('--past', 'and what was'),
    async (api, options: CommonOptions & { past?: boolean }) => {
      const answer = await api.call<FreezeList>('GET', '/tenants/{tenant}/freezes', { includePast: options.past ?? false })
      show(options, answer, () => inWords(answer))
    },
  )

  overApi(
    scoped(freeze.command('set').description('close promotion in a scope: now, in a planned window, or each week'))
      .requiredOption('--reason <text>', 'why')
      .option('--from <time>', 'when it closes: ISO 8601, or 2h from now; now when absent')
      .option('--until <time>', 'when it opens again: ISO 8601, or 3d from now; when it is lifted, when absent')
      .option('--weekly <days>', 'closed at these times of each week, within --from and --until: "fri 16:00 to mon 08:00"')
      .option('--zone <name>', 'the time zone of --weekly, as the IANA database names it; else the one of this machine')
      .addHelpText('after', afterSet),
    async (api, options: ScopeOptions & { reason: string; from?: string; until?: string; weekly?: string; zone?: string }) => {
      const { env: environment, app: application, reason, from, until } = options
      const sent = { environment, application, reason, startsAt: pointInTime(from), endsAt: pointInTime(until), weekly: weeklyOf(options) }
      const set = await api.call<FreezeView>('POST', '/tenants/{tenant}/freezes', sent)
      show(options, set, () => `${describe(set)}\nopen it with: caisson freeze lift ${set.id}`)
    },
  )

  overApi(freeze.command('lift').argument('<freeze>').description('open what a freeze closed'), async (api, id: string, options: CommonOptions) => {
    const lifted = await api.call<FreezeView>('POST', path`/tenants/{tenant}/freezes/${id}/lifts`)
    show(options, lifted, () => `Lifted: ${lifted.reason}`)
  })

  overApi(
    freeze
      .command('skip')
      .argument('<freeze>')
      .argument('[start]', 'when the closed time begins, as `freeze list` says it; the next one, when absent')
      .description('leave one closed time of a weekly freeze open, this once')
      .requiredOption('--reason <text>', 'why')
      .addHelpText('after', '\n  $ caisson freeze skip FREEZE --reason "the fix for INC-7 goes out tonight"'),
    async (api, id: string, start: string | undefined, options: CommonOptions & { reason: string }) => {
      const startsAt = await closeOf(api, id, start, false)
      const view = await api.call<FreezeView>('POST', path`/tenants/{tenant}/freezes/${id}/skips`, { startsAt, reason: options.reason })
      show(options, view, () => `Open at ${time(startsAt)}, this once. Close it after all with: caisson freeze unskip ${id} ${startsAt}`)
    },
  )

  overApi(
    freeze
      .command('unskip')
      .argument('<freeze>')
      .argument('[start]', 'when the closed time begins; the first that is skipped, when absent')
      .description('close a time that was skipped after all'),
    async (api, id: string, start: string | undefined, options: CommonOptions) => {
      const startsAt = await closeOf(api, id, start, true)
      const view = await api.call<FreezeView>('POST', path`/tenants/{tenant}/freezes/${id}/skips/withdrawals`, { startsAt })
      show(options, view, () => `Closed at ${time(startsAt)} again.`)
    },
  )

  overApi(
    scoped(program.command('stop-the-line').description('close promotion at once, for an incident'))
      .requiredOption('--incident <id>', 'the incident')
      .requiredOption('--reason <text>', 'what happened'),
    async (api, options: ScopeOptions & { reason: string; incident: string }) => {
      const { env: environment, app: application, reason, incident } = options
      const sent = { kind: 'stop_the_line', environment, application, reason, incident }
      const freeze = await api.call<FreezeView>('POST', '/tenants/{tenant}/freezes', sent)
      show(options, freeze, () => `${describe(freeze)}\nopen it with: caisson freeze lift ${freeze.id}`)
    },
  )

  overApi(
    program
      .command('waive')
      .argument('<app>')
      .argument('<environment>')
      .argument('<gate>', 'order, source-health, …')
      .description('grant an exception to one gate, with a reason and an end')
      .requiredOption('--reason <text>', 'why')
      .requiredOption('--until <time>', 'its end: ISO 8601, or 3d from now; 30 days at most')
      .addHelpText('after', '\n  $ caisson waive orders prod source-health --reason "staging is being rebuilt" --until 8h'),
    async (api, application: string, environment: string, gate: string, options: CommonOptions & { reason: string; until: string }) => {
      const sent = { application, environment, gate, reason: options.reason, endsAt: pointInTime(options.until) }
      const waiver = await reauthenticating(api, () => api.call<WaiverView>('POST', '/tenants/{tenant}/waivers', sent))
      show(
        options,
        waiver,
        () => `Waived ${gate} of ${application} in ${environment} until ${time(waiver.endsAt)}; end it with: caisson unwaive ${waiver.id}`,
      )
    },
  )

  overApi(
    program.command('unwaive').argument('<waiver>').description('end an exception before its time'),
    async (api, id: string, options: CommonOptions) => {
      const waiver = await api.call<WaiverView>('POST', path`/tenants/{tenant}/waivers/${id}/revocations`)
      show(options, waiver, () => `The exception to ${waiver.gate} has ended.`)
    },
  )

  overApi(
    program.command('waivers').description('exceptions that stand').option('--past', 'and those that ended'),
    async (api, options: CommonOptions & { past?: boolean }) => {
      const answer = await api.call<{ items: WaiverView[] }>('GET', '/tenants/{tenant}/waivers', { includePast: options.past ?? false })
      show(options, answer, () => {
        if (answer.items.length === 0) return 'No exceptions.'
        const rows = answer.items.map((one) => [
          one.id,
          one.state,
          one.gate,
          `${one.application.slug} in ${one.environment.slug}`,
          time(one.endsAt),
          one.reason,
        ])
        return table(['WAIVER', 'STATE', 'GATE', 'WHERE', 'UNTIL', 'REASON'], rows)
      })
    },
  )
}

/** The start of the closed time that is meant: the one that is named, to the minute that the list shows, or the first. */
async function closeOf(api: Api, id: string, start: string | undefined, isSkipped: boolean): Promise<string> {
  const { upcoming } = await api.call<FreezeList>('GET', '/tenants/{tenant}/freezes')
  const own = upcoming.filter(({ freeze, skip }) => freeze === id && (skip !== null) === isSkipped)
  const asked = start === undefined ? undefined : Date.parse(start.replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d)Z$/, '$1T$2:00Z'))
  const found = asked === undefined ? own[0] : own.find(({ startsAt }) => Math.floor(Date.parse(startsAt) / 60_000) === Math.floor(asked / 60_000))
  if (found) return found.startsAt
  throw new Refusal(
    'not_found',
    `The freeze ${id} has no ${isSkipped ? 'skipped' : 'closed'} time${start === undefined ? '' : ` at ${start}`} in the next weeks.`,
    {
      fix: 'Look at: caisson freeze list.',
    },
  )
}

function scoped(command: Command): Command {
  return command.option('--env <slug>', 'only this environment').option('--app <slug>', 'only this application')
}

const afterFreeze = `
A freeze closes promotion; what runs goes on. A rollback passes it, and says so on record.

  $ caisson freeze list
  $ caisson freeze set --env prod --reason "end of the quarter" --until 3d
  $ caisson freeze set --env prod --weekly "fri 16:00 to mon 08:00" --zone Europe/Berlin --reason "nobody is here"
  $ caisson freeze lift FREEZE`

const afterSet = `
Without --env and --app it closes the whole tenant. The times of --weekly are those of the clock on the wall of the
zone, in summer and in winter; the server's clock decides.

  $ caisson freeze set --app orders --from 2026-12-24T00:00:00Z --until 2027-01-02T00:00:00Z --reason "holidays"
  $ caisson freeze set --env prod --weekly "fri 16:00 to mon 08:00" --zone Europe/Berlin --reason "nobody is here"`

/** "fri 16:00 to mon 08:00" as the API takes it; it is the API that judges it. */
export function weeklyOf({ weekly, zone }: { weekly?: string; zone?: string }): Weekly | undefined {
  if (weekly === undefined) {
    if (zone === undefined) return undefined
    throw new Refusal('invalid_input', '--zone is the time zone of --weekly.', { fix: 'Say at which times of the week as well.' })
  }
  const [, closesOn, closesAt, opensOn, opensAt] =
    /^([a-z]{3})[a-z]* (\d{1,2}:\d{2}) ?(?:to|-|–) ?([a-z]{3})[a-z]* (\d{1,2}:\d{2})$/i.exec(weekly.trim()) ?? []
  const closes = weekdays.find((day) => day === closesOn?.toLowerCase())
  const opens = weekdays.find((day) => day === opensOn?.toLowerCase())
  if (!closes || !opens || !closesAt || !opensAt) {
    throw new Refusal('invalid_input', `“${weekly}” is no time of the week.`, { fix: 'Write it as "fri 16:00 to mon 08:00".' })
  }
  const timeZone = zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  return { timeZone, closes: { day: closes, time: closesAt.padStart(5, '0') }, opens: { day: opens, time: opensAt.padStart(5, '0') } }
}

function inWords({ items, upcoming }: FreezeList): string {
  if (items.length === 0) return 'Nothing is closed.'
  const rows = items.map((one) => [
    one.id,
    one.state,
    scopeOf(one),
    one.weekly ? weeklyWords(one.weekly) : 'once',
    time(one.startsAt),
    time(one.endsAt) || 'until lifted',
    one.reason,
  ])
  const freezes = table(['FREEZE', 'STATE', 'SCOPE', 'EACH WEEK', 'FROM', 'UNTIL', 'REASON'], rows)
  const times = upcoming.map((one) => [
    time(one.startsAt),
    time(one.endsAt) || 'until lifted',
    scopeOf(one),
    one.skip ? `skipped by ${one.skip.by.name}: ${one.skip.reason}` : one.reason,
  ])
  return times.length === 0 ? freezes : `${freezes}\n\nClosed in the next weeks:\n${table(['FROM', 'UNTIL', 'SCOPE', 'REASON'], times)}`
}

function describe(freeze: FreezeView): string {
  const week = freeze.weekly ? `, each week ${weeklyWords(freeze.weekly)}` : ''
  return `${freeze.state === 'planned' ? `Closes ${time(freeze.startsAt)}` : 'Closed'}: ${scopeOf(freeze)}${freeze.endsAt ? `, until ${time(freeze.endsAt)}` : ''}${week}`
}

function scopeOf({ application, environment }: Pick<FreezeView, 'application' | 'environment'>): string {
  return `${application?.slug ?? 'every application'} in ${environment?.slug ?? 'every environment'}`
}
