// kit: what a platform team needs to install, and to take over, as one bundle in immutable revisions.
import { createWriteStream, readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { reauthenticating } from '#bin/cli/account'
import { path, type Api } from '#bin/cli/api'
import { overApi, type CommonOptions } from '#bin/cli/over-api'
import { facts, show, table, time } from '#bin/cli/print'
import type { KitList, KitView } from '#lib/kits/kit'
import type { KitDiffView } from '#lib/kits/kit-diff'
import { stageIds } from '#lib/kits/stages'
import { Refusal } from '#lib/platform/refusal'

interface CreateOptions extends CommonOptions {
  release?: string
  runbook: string[]
  values?: string
  reason?: string
}

const takenHere: readonly string[] = stageIds.filter((id) => id !== 'hand-off')

export function addKits(program: Command): void {
  const kit = program.command('kit').description('the install kit of an application in an environment')
  overApi(kit.command('list').description('every kit in its newest revision'), async (api, options: CommonOptions) => {
    const list = await api.call<KitList>('GET', '/tenants/{tenant}/kits')
    show(options, list, () => (list.items.length === 0 ? 'There is no kit yet.' : listTable(list)))
  })

  overApi(
    place(kit.command('create').description('make a kit, or its next revision: the digests and values that run'))
      .option('--release <name>', 'the release; the one that runs there, when absent')
      .option('--runbook <section=file>', 'text of a section: install, verify, rollback, backup, restore, incident', many, [])
      .option('--values <file>', 'JSON of sections of the values that are said otherwise: {"ingress": {"state": "set", "values": {…}}}')
      .option('--reason <text>', 'why there is a new revision')
      .addHelpText(
        'after',
        `
  $ caisson kit create orders prod --runbook backup=docs/backup.md --runbook restore=docs/restore.md`,
      ),
    async (api, application: string, environment: string, options: CreateOptions) => {
      const { release, reason } = options
      const values: unknown = options.values === undefined ? undefined : JSON.parse(readFileSync(options.values, 'utf8'))
      const sent = { application, environment, release, reason, values, runbook: runbookOf(options.runbook) }
      const view = await api.call<KitView>('POST', '/tenants/{tenant}/kits', sent)
      show(options, view, () => describe(view))
    },
  )

  overApi(
    place(kit.command('show').description('five artifacts and seven stages of a revision')).option('--revision <number>', 'the newest, when absent'),
    async (api, application: string, environment: string, options: CommonOptions & { revision?: string }) => {
      const view = await find(api, application, environment, options.revision)
      show(options, view, () => describe(view))
    },
  )

  overApi(
    place(kit.command('diff').description('what differs between two revisions: which artifact, and line by line'))
      .argument('[from]', 'a revision; the one before `to`, when absent')
      .argument('[to]', 'a revision; the newest, when absent')
      .addHelpText('after', '\n  $ caisson kit diff orders prod        # what the newest revision changed\n  $ caisson kit diff orders prod 1 3'),
    async (api, application: string, environment: string, from: string | undefined, to: string | undefined, options: CommonOptions) => {
      const { id } = await find(api, application, environment)
      const diff = await api.call<KitDiffView>('GET', path`/tenants/{tenant}/kits/${id}/diff`, { from, to })
      show(options, diff, () => describeDiff(diff))
    },
  )

  overApi(
    place(kit.command('download').description('a revision as a tar.gz with SHA256SUMS and a detached signature'))
      .option('--revision <number>', 'the newest, when absent')
      .option('--out <file>', 'where to; a name of its own in this folder, when absent'),
    async (api, application: string, environment: string, options: CommonOptions & { revision?: string; out?: string }) => {
      const view = await find(api, application, environment, options.revision)
      const response = await api.fetch('GET', path`/tenants/{tenant}/kits/${view.id}/archive`, { revision: String(view.revision) })
      const file = options.out ?? `${application}-${environment}-${view.document.release.bundle}.tar.gz`
      if (response.body) await pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(file))
      show(options, { file, revision: view.revision, digest: view.digest }, () => `${file}\nrevision ${view.revision}, ${view.digest}`)
    },
  )

  overApi(
    place(kit.command('advance').description('take the next stage of the newest revision'))
      .argument('<stage>', 'package, review, secrets, render, install, verify')
      .option('--failed', 'it failed: the kit goes back to package, as a new revision')
      .option('--note <text>', 'what was looked at; why it failed')
      .addHelpText(
        'after',
        `
A stage cannot be skipped: exit code 17 names the one that is missing before it. The seventh, the hand-off, is accepted by its owner
with: caisson kit hand-off.

  $ caisson kit advance orders prod package
  $ caisson kit advance orders prod review --failed --note "no egress rule"`,
      ),
    async (api, application: string, environment: string, stage: string, options: CommonOptions & { failed?: boolean; note?: string }) => {
      const { id, revision } = await find(api, application, environment)
      if (!takenHere.includes(stage)) {
        throw new Refusal('invalid_input', `There is no stage ${stage} to take.`, { fix: `Name one of: ${takenHere.join(', ')}.` })
      }
      const sent = { revision, outcome: options.failed ? 'failed' : 'done', note: options.note }
      const view = await reauthenticating(api, () => api.call<KitView>('POST', path`/tenants/{tenant}/kits/${id}/stages/${stage}`, sent))
      show(options, view, () => describe(view))
    },
  )

  overApi(
    place(kit.command('hand-off').description('take a kit over: ownership from now on, with nine areas'))
      .requiredOption('--team <name>', 'who owns it from now on')
      .requiredOption('--areas <file>', 'JSON: ownership, versioning, secrets, storage, network, observability, runbooks, access, compliance'),
    async (api, application: string, environment: string, options: CommonOptions & { team: string; areas: string }) => {
      const { id, revision } = await find(api, application, environment)
      const sent = { revision, team: options.team, areas: JSON.parse(readFileSync(options.areas, 'utf8')) as unknown }
      const view = await reauthenticating(api, () => api.call<KitView>('POST', path`/tenants/{tenant}/kits/${id}/hand-offs`, sent))
      show(options, view, () => `${options.team} owns ${application} in ${environment} from now on.`)
    },
  )
}

function place(command: Command): Command {
  return command.argument('<app>').argument('<environment>')
}

function many(value: string, before: string[]): string[] {
  return [...before, value]
}

function runbookOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw new Refusal('invalid_input', `“${pair}” names no file.`, { fix: 'Write it as restore=docs/restore.md.' })
      return [pair.slice(0, at), readFileSync(pair.slice(at + 1), 'utf8')]
    }),
  )
}

async function find(api: Api, application: string, environment: string, revision?: string): Promise<KitView> {
  const { items } = await api.call<KitList>('GET', '/tenants/{tenant}/kits', { application, environment })
  const [kit] = items
  if (!kit) {
    throw new Refusal('not_found', `${application} has no kit in ${environment}.`, {
      fix: `Make it with: caisson kit create ${application} ${environment}`,
    })
  }
  return api.call<KitView>('GET', path`/tenants/{tenant}/kits/${kit.id}`, revision === undefined ? {} : { revision })
}

function describe(view: KitView): string {
  const head = facts([
    ['kit', `${view.application.slug} in ${view.environment.slug}, revision ${view.revision}`],
    ['bundle', view.document.release.bundle],
    ['images', view.document.release.components.map(({ image }) => image).join(' ')],
    ['values', `r${view.document.configuration.revision} ${view.document.configuration.hash}`],
    ['digest', view.digest],
    ['made', `by ${view.createdBy.name} at ${time(view.createdAt)}${view.reason ? `: ${view.reason}` : ''}`],
    ['owner', view.owner || 'those who release'],
    ['differs', view.drift],
  ])
  const lines = view.stages.map(({ title, id, state, by, at, note, take }) => {
    const sign = { done: '✓', failed: '✗', next: '→', waiting: ' ' }[state]
    const words = by ? `by ${by.name} at ${time(at)}${note ? `: ${note}` : ''}` : state === 'next' && !take.allowed ? take.reason : ''
    return `  ${sign} ${title} (${id})${words ? `: ${words}` : ''}`
  })
  return `${head}\n\n${lines.join('\n')}`
}

/** As `diff -u` writes it, one file for each artifact. */
function describeDiff({ from, to, artifacts }: KitDiffView): string {
  const changed = artifacts.filter(({ hunks }) => hunks.length > 0)
  const head = `${from.bundle} → ${to.bundle}`
  if (changed.length === 0) return `${head}: all five artifacts say the same.`
  const parts = changed.map(({ id, added, removed, hunks }) => {
    const lines = hunks.flatMap(({ fromLine, toLine, lines: all }) => {
      const count = (sign: string) => all.filter((line) => line.sign !== sign).length
      return [`@@ -${fromLine},${count('+')} +${toLine},${count('-')} @@`, ...all.map(({ sign, text }) => `${sign}${text}`)]
    })
    return [`--- ${from.revision}/${id}`, `+++ ${to.revision}/${id}  (${added} added, ${removed} removed)`, ...lines].join('\n')
  })
  return [head, ...parts].join('\n')
}

function listTable({ items }: KitList): string {
  return table(
    ['APPLICATION', 'ENVIRONMENT', 'RELEASE', 'REVISION', 'STANDING', 'OWNER'],
    items.map((one) => [
      one.application.slug,
      one.environment.slug,
      one.release,
      String(one.revision),
      one.standing === 'handed_off' ? 'handed off' : `${one.standing === 'failed' ? 'failed at' : 'at'} ${one.stage}`,
      one.owner || 'those who release',
    ]),
  )
}
