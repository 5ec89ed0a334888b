// token create, list, revoke: how machines sign in.
import type { Command } from 'commander'
import { reauthenticating } from '#bin/cli/account'
import { path } from '#bin/cli/api'
import { overApi, type CommonOptions } from '#bin/cli/over-api'
import { note, say, show, table, time } from '#bin/cli/print'
import type { CreatedToken, TokenView } from '#lib/access/api-token'

export function addTokens(program: Command): void {
  const token = program.command('token').description('API tokens of the tenant, for machines')
  overApi(
    token
      .command('create')
      .argument('<name>')
      .description('create a token; its secret is printed once')
      .requiredOption('--can <verbs...>', 'what it may do, from the permission table')
      .option('--days <count>', 'how long it lives; until it is revoked, when absent')
      .addHelpText(
        'after',
        `
A token holds at most what you hold, and never a decision that is a person's.

  $ caisson token create ci --can tenant.read artifact.upload --days 90
  $ CAISSON_TOKEN=$(caisson token create ci --can tenant.read) caisson releases`,
      ),
    async (api, name: string, options: CommonOptions & { can: string[]; days?: string }) => {
      const sent = {
        name,
        verbs: options.can.flatMap((list) => list.split(',')),
        ...(options.days === undefined ? {} : { expiresInDays: Number(options.days) }),
      }
      const created = await reauthenticating(api, () => api.call<CreatedToken>('POST', '/tenants/{tenant}/tokens', sent))
      show(options, created, () => created.secret)
      if (!options.json) note(`Shown once. It may ${created.verbs.join(', ')}${created.expiresAt ? ` until ${time(created.expiresAt)}` : ''}.`)
    },
  )
  overApi(token.command('list').description('tokens, newest first'), async (api, options: CommonOptions) => {
    const answer = await api.call<{ items: TokenView[] }>('GET', '/tenants/{tenant}/tokens')
    show(options, answer, () => {
      if (answer.items.length === 0) return 'No tokens.'
      const rows = answer.items.map((one) => [
        one.id,
        one.name,
        one.state,
        one.createdBy.name,
        time(one.expiresAt) || 'never',
        time(one.lastUsedAt) || 'never',
        one.verbs.join(', '),
      ])
      return table(['TOKEN', 'NAME', 'STATE', 'BY', 'EXPIRES', 'LAST USED', 'MAY'], rows)
    })
  })
  overApi(token.command('revoke').argument('<token>').description('end a token at once'), async (api, id: string, options: CommonOptions) => {
    await reauthenticating(api, () => api.call('DELETE', path`/tenants/{tenant}/tokens/${id}`))
    if (!options.json) say('Revoked.')
  })
}
