// freeze, stop-the-line, lift, waive: closing promotion, opening it again, and named exceptions.
import type { Command } from 'commander'
import { path } from '#bin/cli/api'
import { reauthenticating } from '#bin/cli/account'
import { overApi, type CommonOptions } from '#bin/cli/over-api'
import { show, table, time } from '#bin/cli/print'
import { pointInTime } from '#bin/cli/point-in-time'
import type { FreezeView } from '#lib/promotions/freeze'
import type { WaiverView } from '#lib/promotions/waiver'

interface ScopeOptions extends CommonOptions {
  env?: string
  app?: string
}

export function addFreezes(program: Command): void {
  overApi(
    scoped(program.command('freeze').description('close promotion in a scope, now or in a planned window'))
      .requiredOption('--reason <text>', 'why')
      .option('--from <time>', 'when it closes: ISO 8601, or 2h from now; now when absent')
      .option('--until <time>', 'when it opens again: ISO 8601, or 3d from now; when it is lifted, when absent')
      .addHelpText(
        'after',
        `
Without --env and --app it closes the whole tenant. Rollbacks pass a freeze, on record.

  $ caisson freeze --env prod --reason "end of the quarter" --until 3d
  $ caisson freeze --app orders --from 2026-12-24T00:00:00Z --until 2027-01-02T00:00:00Z --reason "holidays"`,
      ),
    async (api, options: ScopeOptions & { reason: string; from?: string; until?: string }) => {
      const { env: environment, app: application, reason, from, until } = options
      const sent = { environment, application, reason, startsAt: pointInTime(from), endsAt: pointInTime(until) }
      const freeze = await api.call<FreezeView>('POST', '/tenants/{tenant}/freezes', sent)
      show(options, freeze, () => `${describe(freeze)}\nopen it with: caisson lift ${freeze.id}`)
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
      show(options, freeze, () => `${describe(freeze)}\nopen it with: caisson lift ${freeze.id}`)
    },
  )

  overApi(program.command('lift').argument('<freeze>').description('open what a freeze closed'), async (api, id: string, options: CommonOptions) => {
    const freeze = await api.call<FreezeView>('POST', path`/tenants/{tenant}/freezes/${id}/lifts`)
    show(options, freeze, () => `Lifted: ${freeze.reason}`)
  })

  overApi(
    program.command('freezes').description('what is closed and what will be').option('--past', 'and what was'),
    async (api, options: CommonOptions & { past?: boolean }) => {
      const answer = await api.call<{ items: FreezeView[] }>('GET', '/tenants/{tenant}/freezes', { includePast: options.past ?? false })
      show(options, answer, () => {
        if (answer.items.length === 0) return 'Nothing is closed.'
        const rows = answer.items.map((one) => [one.id, one.state, scopeOf(one), time(one.startsAt), time(one.endsAt) || 'until lifted', one.reason])
        return table(['FREEZE', 'STATE', 'SCOPE', 'FROM', 'UNTIL', 'REASON'], rows)
      })
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

function scoped(command: Command): Command {
  return command.option('--env <slug>', 'only this environment').option('--app <slug>', 'only this application')
}

function describe(freeze: FreezeView): string {
  return `${freeze.state === 'planned' ? `Closes ${time(freeze.startsAt)}` : 'Closed'}: ${scopeOf(freeze)}${freeze.endsAt ? `, until ${time(freeze.endsAt)}` : ''}`
}

function scopeOf({ application, environment }: FreezeView): string {
  return `${application?.slug ?? 'every application'} in ${environment?.slug ?? 'every environment'}`
}
