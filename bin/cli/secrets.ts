// secrets: written, never read back. A value comes from the terminal unseen, from a pipe or from a file; never from an argument,
// which every process of the machine could read.
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { path } from '#bin/cli/api'
import { ask } from '#bin/cli/ask'
import { overApi, type CommonOptions } from '#bin/cli/over-api'
import { note, show, table, time } from '#bin/cli/print'
import type { SecretsView, SecretView } from '#lib/configuration/secret'
import { Refusal } from '#lib/platform/refusal'

export function addSecrets(program: Command): void {
  const secrets = program.command('secrets').description('what a replica connects with; written, never read back')
  overApi(
    secrets
      .command('list')
      .argument('<app>')
      .argument('<environment>')
      .description('names, ages, who set them, and whether they changed since the deployment'),
    async (api, app: string, environment: string, options: CommonOptions) => {
      const view = await api.call<SecretsView>('GET', path`/tenants/{tenant}/applications/${app}/secrets`, { environment })
      show(options, view, () => (view.items.length === 0 ? 'No secrets.' : secretTable(view.items)))
    },
  )

  overApi(
    secrets
      .command('set')
      .argument('<app>')
      .argument('<environment>')
      .argument('<name>')
      .description('write the next version of a secret')
      .option('--from-file <file>', 'take the value from a file, exactly as it is')
      .addHelpText(
        'after',
        `
Without --from-file it asks, unseen, or takes what is piped in, without the last end of line. What runs keeps its
version until it is applied.

  $ caisson secrets set orders prod orders-db
  $ pass show orders/prod | caisson secrets set orders prod orders-db
  $ caisson config set orders prod --secret SPRING_DATASOURCE_PASSWORD=orders-db
  $ caisson config apply orders prod --wait`,
      ),
    async (api, app: string, environment: string, name: string, options: CommonOptions & { fromFile?: string }) => {
      const value = await valueOf(name, options.fromFile)
      const secret = await api.call<SecretView>('PUT', path`/tenants/{tenant}/applications/${app}/secrets/${name}`, { environment, value })
      show(options, secret, () => `${name} of ${app} in ${environment} is v${secret.version} now.`)
      if (options.json) return
      if (secret.usedBy.length === 0) note(`nothing refers to it yet: caisson config set ${app} ${environment} --secret KEY=${name}`)
      else note(`apply it with: caisson config apply ${app} ${environment}`)
    },
  )

  overApi(
    secrets
      .command('unset')
      .argument('<app>')
      .argument('<environment>')
      .argument('<name>')
      .description('take a secret away: nothing is started with it any more'),
    async (api, app: string, environment: string, name: string, options: CommonOptions) => {
      const secret = await api.call<SecretView>('DELETE', path`/tenants/{tenant}/applications/${app}/secrets/${name}`, { environment })
      show(options, secret, () => `${name} of ${app} in ${environment} has no value any more.`)
    },
  )
}

async function valueOf(name: string, file: string | undefined): Promise<string> {
  const value = file !== undefined ? readFileSync(file, 'utf8') : process.stdin.isTTY ? await ask(`Value of ${name}: `, { hidden: true }) : piped()
  if (value !== '') return value
  throw new Refusal('invalid_input', 'A secret has a value, and this is none.', { fix: 'Take one away with `caisson secrets unset`.' })
}

/** A here-string or an echo ends with a line end that nobody means. */
function piped(): string {
  return readFileSync(0, 'utf8').replace(/\r?\n$/, '')
}

function secretTable(items: readonly SecretView[]): string {
  const rows = items.map((one) => [
    one.name,
    one.state,
    one.version === 0 ? '' : `v${one.version}`,
    time(one.changedAt),
    one.changedBy?.name ?? '',
    one.usedBy.join(', '),
    one.changedSinceDeployed === null ? '' : one.changedSinceDeployed ? 'changed since' : `v${one.deployedVersion ?? '?'} runs`,
  ])
  return table(['SECRET', 'STATE', 'VERSION', 'SET', 'BY', 'USED BY', 'DEPLOYED'], rows)
}
