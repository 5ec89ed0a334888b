// hold: nothing new comes to a place until a person lets it.
import type { Command } from 'commander'
import { path, type Api } from '#bin/cli/api'
import { overApi, type CommonOptions } from '#bin/cli/over-api'
import { show, table, time } from '#bin/cli/print'
import { Refusal } from '#lib/platform/refusal'
import type { HoldView } from '#lib/promotions/hold'

type HoldList = { items: HoldView[] }

export function addHolds(program: Command): void {
  const hold = program
    .command('hold')
    .description('places that nothing new comes to: list, set, lift')
    .addHelpText(
      'after',
      `
A hold stands after every rollback. While it stands, promotions and configuration are refused (exit code 29); going back
further, stopping, starting and scaling are not. It is lifted by a person, in their name, with their reason.

  $ caisson hold list
  $ caisson hold lift orders prod --reason "v1.4.1 mends the checkout"`,
    )

  overApi(
    hold
      .command('list')
      .description('what is held, and why')
      .option('--app <slug>', 'only this application')
      .option('--env <slug>', 'only this environment')
      .option('--past', 'and what was held'),
    async (api, options: CommonOptions & { app?: string; env?: string; past?: boolean }) => {
      const { app: application, env: environment, past } = options
      const answer = await api.call<HoldList>('GET', '/tenants/{tenant}/holds', { application, environment, includePast: past ?? false })
      show(options, answer, () => {
        if (answer.items.length === 0) return 'Nothing is held.'
        const rows = answer.items.map((one) => [
          one.state,
          `${one.application.slug} in ${one.environment.slug}`,
          time(one.setAt),
          one.setBy.name,
          one.liftedBy ? `${time(one.liftedAt)} by ${one.liftedBy.name}: ${one.liftReason}` : '',
          one.reason,
        ])
        return table(['STATE', 'PLACE', 'SINCE', 'SET BY', 'LIFTED', 'REASON'], rows)
      })
    },
  )

  overApi(
    hold.command('set').argument('<app>').argument('<environment>').description('let nothing new in').requiredOption('--reason <text>', 'why'),
    async (api, application: string, environment: string, options: CommonOptions & { reason: string }) => {
      const set = await api.call<HoldView>('POST', '/tenants/{tenant}/holds', { application, environment, reason: options.reason })
      show(options, set, () => `Held: ${application} in ${environment}\nlift it with: caisson hold lift ${application} ${environment} --reason …`)
    },
  )

  overApi(
    hold
      .command('lift')
      .argument('<app>')
      .argument('<environment>')
      .description('let new things in again, in your name')
      .requiredOption('--reason <text>', 'why it may go on'),
    async (api, application: string, environment: string, options: CommonOptions & { reason: string }) => {
      const { id } = await standing(api, application, environment)
      const lifted = await api.call<HoldView>('POST', path`/tenants/{tenant}/holds/${id}/lifts`, { reason: options.reason })
      show(options, lifted, () => `Lifted: ${application} in ${environment} takes promotions again.`)
    },
  )
}

async function standing(api: Api, application: string, environment: string): Promise<HoldView> {
  const { items } = await api.call<HoldList>('GET', '/tenants/{tenant}/holds', { application, environment })
  const [first] = items
  if (first) return first
  throw new Refusal('not_found', `No hold stands on ${application} in ${environment}.`, { fix: 'Look at `caisson hold list`.' })
}
