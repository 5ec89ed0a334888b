// logs: what replicas write, one or all of them, now or as it goes.
import type { Command } from 'commander'
import { path, type Api } from '#bin/cli/api'
import { overApi, type CommonOptions } from '#bin/cli/over-api'
import type { DeploymentView } from '#lib/readiness/deployment'
import { Refusal } from '#lib/platform/refusal'

interface LogOptions extends CommonOptions {
  follow?: boolean
  tail?: string
}

export function addLogs(program: Command): void {
  overApi(
    program
      .command('logs')
      .argument('<app>')
      .argument('<environment>')
      .argument('[replica]', 'one of `caisson status APP ENVIRONMENT`; all of them when absent')
      .description('what the replicas of an application wrote')
      .option('-f, --follow', 'go on as they write')
      .option('--tail <lines>', 'only the last so many')
      .addHelpText(
        'after',
        `
With several replicas each line begins with the replica that wrote it; with --json it is an object. The log of a replica that
ended stays: name it, as the outcome of its promotion does.

  $ caisson logs orders prod --tail 100 --follow`,
      ),
    async (api, app: string, environment: string, replica: string | undefined, options: LogOptions) => {
      const ids = replica === undefined ? await replicasOf(api, app, environment) : [replica]
      await Promise.all(
        ids.map(async (id) =>
          print(api, path`/tenants/{tenant}/environments/${environment}/applications/${app}/replicas/${id}/logs`, id, ids.length > 1, options),
        ),
      )
    },
  )
}

async function replicasOf(api: Api, app: string, environment: string): Promise<string[]> {
  const { replicas } = await api.call<DeploymentView>('GET', path`/tenants/{tenant}/environments/${environment}/applications/${app}/deployment`)
  if (replicas.length === 0) {
    throw new Refusal('not_found', `${app} has no replica in ${environment}.`, {
      fix: `See what is promised there: caisson status ${app} ${environment}`,
    })
  }
  return replicas.map(({ id }) => id)
}

async function print(api: Api, route: string, replica: string, isOneOfSeveral: boolean, { follow, tail, json }: LogOptions): Promise<void> {
  const response = await api.fetch('GET', route, { follow: follow ?? false, tail })
  const prefix = isOneOfSeveral ? `${replica} ` : ''
  for await (const line of linesOf(response)) process.stdout.write(`${json ? JSON.stringify({ replica, line }) : prefix + line}\n`)
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  if (!response.body) return
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of response.body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}
