// retention: how many releases of an application are kept, and what would go by it.
import type { Command } from 'commander'
import { path } from '#bin/cli/api'
import { overApi, type CommonOptions } from '#bin/cli/over-api'
import { show, table } from '#bin/cli/print'
import type { RetentionView } from '#lib/promotions/retention'
import { Refusal } from '#lib/platform/refusal'

export function addRetention(program: Command): void {
  const retention = program
    .command('retention')
    .description('how many releases are kept: show, set, prune, pin, unpin')
    .addHelpText(
      'after',
      `
The newest N of an application are kept, and whatever runs, is a way back, is on its way, is pinned or is in an accepted kit.
Of the others the images go, once an hour or by \`prune\`; their history and proofs stay, and promoting one is refused (exit code 22).

  $ caisson retention set orders 20
  $ caisson retention show orders
  $ caisson retention pin orders v1.4.0 --reason "the customer in Bergen runs it"
  $ caisson retention prune orders`,
    )

  overApi(
    retention.command('show').argument('<app>').description('each release, and whether it is, was or would be pruned'),
    async (api, application: string, options: CommonOptions) => {
      const view = await api.call<RetentionView>('GET', path`/tenants/{tenant}/applications/${application}/retention`)
      show(options, view, () => describe(view))
    },
  )

  overApi(
    retention.command('set').argument('<app>').argument('<count>').description('keep the newest so many; nothing goes before the next hour'),
    async (api, application: string, count: string, options: CommonOptions) => {
      const view = await api.call<RetentionView>('PUT', path`/tenants/{tenant}/applications/${application}/retention`, { keep: Number(count) })
      show(options, view, () => describe(view))
    },
  )

  overApi(
    retention.command('prune').argument('<app>').description('prune what `show` says would go, now').option('--yes', 'without listing it first'),
    async (api, application: string, options: CommonOptions & { yes?: boolean }) => {
      const before = await api.call<RetentionView>('GET', path`/tenants/{tenant}/applications/${application}/retention`)
      const releases = before.releases.filter(({ outcome }) => outcome === 'would_prune').map(({ release }) => release)
      if (releases.length === 0) return show(options, before, () => 'Nothing would be pruned.')
      if (!options.yes) {
        throw new Refusal('invalid_input', `The images of ${releases.join(', ')} would go, and do not come back.`, {
          fix: 'Say --yes to prune them.',
        })
      }
      const view = await api.call<RetentionView>('POST', path`/tenants/{tenant}/applications/${application}/retention/prunings`, { releases })
      show(options, view, () => `Pruned: ${releases.join(', ')}`)
    },
  )

  overApi(
    retention
      .command('pin')
      .argument('<app>')
      .argument('<release>')
      .description('keep a release whatever the rule says')
      .requiredOption('--reason <text>', 'why'),
    async (api, application: string, release: string, options: CommonOptions & { reason: string }) => {
      const route = path`/tenants/{tenant}/applications/${application}/releases/${release}/pin`
      const view = await api.call<RetentionView>('PUT', route, { reason: options.reason })
      show(options, view, () => `Pinned: ${application} ${release}`)
    },
  )

  overApi(
    retention.command('unpin').argument('<app>').argument('<release>').description('let a pinned release go'),
    async (api, application: string, release: string, options: CommonOptions) => {
      const route = path`/tenants/{tenant}/applications/${application}/releases/${release}/pin`
      const view = await api.call<RetentionView>('DELETE', route)
      show(options, view, () => `Not pinned any more: ${application} ${release}`)
    },
  )
}

function describe({ keep, releases }: RetentionView): string {
  const rule = keep === null ? 'No rule: every release is kept.' : `The newest ${keep} are kept, and what something needs.`
  return `${rule}\n${table(
    ['RELEASE', 'STATE', 'WHY'],
    releases.map(({ release, outcome, reason }) => [release, outcome.replace('_', ' '), reason]),
  )}`
}
