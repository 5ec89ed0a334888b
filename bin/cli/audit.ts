// audit list, audit status: the log as its readers see it. `audit verify` works without a server and stands with the local commands.
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import type { Command } from 'commander'
import { overApi, type CommonOptions } from '#bin/cli/over-api'
import { pointInTime } from '#bin/cli/point-in-time'
import { show, table } from '#bin/cli/print'
import type { EntryPage } from '#lib/audit/entry'

interface ListOptions extends CommonOptions {
  actor?: string
  action?: string
  subject?: string
  outcome?: string
  from?: string
  to?: string
  text?: string
  digest?: string
  limit: string
}

export function addAudit(audit: Command): void {
  overApi(
    audit
      .command('list')
      .description('entries of the tenant’s log, newest first')
      .option('--actor <name>', 'who acted')
      .option('--action <beginning>', 'promotion.approved, or promotion.')
      .option('--subject <subject>', 'kind, kind:id, or part of the name')
      .option('--outcome <outcome>', 'done, denied or failed')
      .option('--from <time>', 'not before')
      .option('--to <time>', 'before')
      .option('--text <text>', 'anywhere in the entry')
      .option('--digest <digest>', 'entries that name it')
      .option('--limit <count>', 'at most so many', '50')
      .addHelpText('after', '\n  $ caisson audit list --outcome denied --action promotion.\n  $ caisson audit list --digest sha256:5f2c… --json'),
    async (api, options: ListOptions) => {
      const { actor, action, subject, outcome, text, digest, limit } = options
      const sent = { actor, action, subject, outcome, text, digest, limit, from: pointInTime(options.from), to: pointInTime(options.to) }
      const page = await api.call<EntryPage>('GET', '/tenants/{tenant}/audit/entries', sent)
      show(options, page, () => {
        if (page.entries.length === 0) return 'No entries.'
        const rows = page.entries.map((one) => [
          `${one.at.slice(0, 19).replace('T', ' ')}Z`,
          one.seq === null ? 'unsealed' : String(one.seq),
          one.actor.name || one.actor.kind,
          one.outcome,
          one.action,
          one.subject.name ?? one.subject.id,
          one.reason,
        ])
        return table(['AT', 'SEQ', 'WHO', 'OUTCOME', 'ACTION', 'SUBJECT', 'REASON'], rows)
      })
    },
  )
  overApi(
    audit
      .command('export')
      .description('the whole log as JSONL for the offline verifier, or as CSV; with --changes what reached production in a period')
      .option('--format <format>', 'jsonl or csv', 'jsonl')
      .option('--changes', 'not the log but the changes of a period, each with the entries that prove it')
      .option('--from <time>', 'of changes: not before; thirty days ago when absent')
      .option('--to <time>', 'of changes: before; now when absent')
      .option('--env <environment>', 'of changes: one environment; the protected ones when absent')
      .option('--app <application>', 'of changes: one application')
      .addHelpText(
        'after',
        '\n  $ caisson audit export > audit.jsonl\n  $ caisson audit export --changes --from 2026-01-01 --format csv > changes.csv\n  $ caisson audit verify audit.jsonl --key kept.vkey',
      ),
    async (api, options: ExportOptions) => {
      const { format, changes, env, app } = options
      const asked = { format, environment: env, application: app, from: pointInTime(options.from), to: pointInTime(options.to) }
      const response = changes
        ? await api.fetch('GET', '/tenants/{tenant}/desk/changes', asked)
        : await api.fetch('GET', '/tenants/{tenant}/audit/export', { format })
      if (response.body) await pipeline(Readable.fromWeb(response.body as ReadableStream), process.stdout, { end: false })
    },
  )
}

interface ExportOptions extends CommonOptions {
  format: string
  changes?: boolean
  from?: string
  to?: string
  env?: string
  app?: string
}
