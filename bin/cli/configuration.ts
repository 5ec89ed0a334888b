// config: what differs between environments. Saved as a numbered revision; it runs once a promotion applied it.
import { readFileSync } from 'node:fs'
import { Option, type Command } from 'commander'
import { path } from '#bin/cli/api'
import { addConfigEdit } from '#bin/cli/config-edit'
import { layerRoutes, readConfiguration } from '#bin/cli/config-layer'
import { overApi, type CommonOptions } from '#bin/cli/over-api'
import { note, show, table, time } from '#bin/cli/print'
import { asRequest } from '#bin/cli/promotions'
import type { LayerDocument } from '#lib/configuration/config-document'
import { groupWords } from '#lib/configuration/entries'
import type { ConfigurationView, DefaultRevisionView, MatrixView, RevisionDiffView, RevisionView } from '#lib/configuration/revision'
import { Refusal } from '#lib/platform/refusal'

interface SetOptions extends CommonOptions {
  flag: string[]
  secret: string[]
  secretFile: string[]
  jvm: string[]
  file: string[]
  unset: string[]
  replicas?: string
  defaults?: 'application' | 'environment'
}

export function addConfiguration(program: Command): void {
  const config = program.command('config').description('what differs between environments: connections, flags, variables, JVM arguments, files')
  addReading(config)
  addWriting(config)
  addConfigEdit(config)
  asRequest(
    config
      .command('apply')
      .argument('<app>')
      .argument('<environment>')
      .description('apply the newest revision and secrets: a promotion with the same gates, a rolling restart, no build')
      .addHelpText('after', '\n  $ caisson config apply orders prod --reason "more workers" --wait'),
    (_api, application: string, environment: string) => ({ application, environment, kind: 'config' as const }),
  )
}

function addReading(config: Command): void {
  overApi(
    place(config.command('get'))
      .argument('[key]', 'print only its value')
      .description('what counts there, and the layer that each value comes from')
      .addHelpText('after', '\n  $ caisson config get orders prod\n  $ caisson config get orders prod ORDERS_REGION'),
    async (api, app: string, environment: string, key: string | undefined, options: CommonOptions) => {
      const view = await readConfiguration(api, app, environment)
      if (key === undefined) return show(options, view, () => describe(view))
      const entry = view.entries.find((one) => one.key === key)
      if (!entry) throw new Refusal('not_found', `${key} is not set for ${app} in ${environment}.`, { fix: 'List what is: caisson config get.' })
      return show(options, entry, () => entry.text)
    },
  )

  overApi(
    place(config.command('diff'))
      .argument('[from]', 'a revision number; what runs when absent')
      .argument('[to]', 'a revision number; the newest when absent')
      .description('what differs between two revisions, also of two environments')
      .option('--to-env <environment>', 'compare with the newest revision of this environment')
      .addHelpText(
        'after',
        '\n  $ caisson config diff orders prod          # what applying would change\n  $ caisson config diff orders prod 3 5\n  $ caisson config diff orders staging --to-env prod',
      ),
    async (api, app: string, environment: string, from: string | undefined, to: string | undefined, options: CommonOptions & { toEnv?: string }) => {
      const here = await readConfiguration(api, app, environment)
      const there = options.toEnv === undefined ? here : await readConfiguration(api, app, options.toEnv)
      const sent = {
        environment,
        from: from ?? (options.toEnv === undefined ? (here.running?.revision ?? 0) : here.newest.number),
        to: to ?? there.newest.number,
        toEnvironment: options.toEnv,
      }
      const diff = await api.call<RevisionDiffView>('GET', path`/tenants/{tenant}/applications/${app}/configuration/diff`, sent)
      show(options, diff, () => describeDiff(diff))
    },
  )

  overApi(
    config.command('matrix').argument('<app>').description('every key by environment; those that differ are marked'),
    async (api, app: string, options: CommonOptions) => {
      const matrix = await api.call<MatrixView>('GET', path`/tenants/{tenant}/applications/${app}/configuration/matrix`)
      show(options, matrix, () => {
        const head = ['', 'KEY', ...matrix.environments.map(({ slug, revision }) => `${slug} r${revision}`)]
        return table(
          head,
          matrix.rows.map(({ key, isSame, cells }) => [isSame ? '=' : '≠', key, ...cells.map((cell) => clip(cell ?? '—'))]),
        )
      })
    },
  )

  overApi(
    place(config.command('history')).description('revisions, newest first'),
    async (api, app: string, environment: string, options: CommonOptions) => {
      const page = await api.call<{ items: RevisionView[] }>('GET', path`/tenants/{tenant}/applications/${app}/config-revisions`, { environment })
      show(options, page, () =>
        table(
          ['REVISION', 'SAVED', 'BY', 'NOTE'],
          page.items.map(({ number, createdAt, createdBy, note: words }) => [`r${number}`, time(createdAt), createdBy?.name ?? '', words]),
        ),
      )
    },
  )
}

function addWriting(config: Command): void {
  const many = (value: string, before: string[]): string[] => [...before, value]
  overApi(
    place(config.command('set'))
      .argument('[pairs...]', 'variables as KEY=VALUE')
      .description('save the next revision with these changes; nothing runs with it before it is applied')
      .option('--flag <pair>', 'a feature flag, KEY=true, KEY=false or KEY=WORD', many, [])
      .option('--secret <pair>', 'a connection, KEY=NAME of a secret; the replica finds the value under KEY', many, [])
      .option('--secret-file <pair>', 'the same, and KEY holds the path of a file with the value', many, [])
      .option('--jvm <argument>', 'add a JVM argument at the end; --jvm=-Xmx1g', many, [])
      .option('--file <pair>', 'a file, PATH=@LOCAL-FILE, below ${FILES_DIR} of the replica', many, [])
      .option('--unset <key>', 'take a key, a JVM argument or a file away', many, [])
      .option('--replicas <count>', 'of each component')
      .addOption(
        new Option('--defaults <layer>', 'change the defaults of the application, or of the environment').choices(['application', 'environment']),
      )
      .addHelpText(
        'after',
        `
Nearer layers win: this place over the environment's defaults over the application's. \${PORT}, \${DATA_DIR} and
\${FILES_DIR} in values are filled in by the runtime. Values of secrets never stand here: caisson secrets set.

  $ caisson config set orders prod ORDERS_REGION=eu --flag NEW_CHECKOUT=true
  $ caisson config set orders prod --secret SPRING_DATASOURCE_PASSWORD=orders-db
  $ caisson config set orders dev --defaults application --jvm=-Xmx512m`,
      ),
    async (api, app: string, environment: string, pairs: string[], options: SetOptions) => {
      const view = await readConfiguration(api, app, environment)
      const layer = options.defaults ?? 'place'
      const before = layer === 'place' ? { number: view.newest.number, document: view.newest.own } : view.defaults[layer]
      const document = changed(before.document, pairs, options)
      const sent = { ...(layer === 'place' ? { environment } : {}), expected: before.number, document }
      const saved = await api.call<RevisionView | DefaultRevisionView>('POST', layerRoutes[layer].path(app, environment), sent)
      show(options, saved, () =>
        saved.number === before.number
          ? `Nothing differs from r${saved.number} of ${layerRoutes[layer].says}.`
          : `Saved r${saved.number} of ${layerRoutes[layer].says}.`,
      )
      if (!options.json && saved.number !== before.number) {
        const now = await readConfiguration(api, app, environment)
        const problems = problemLines(now)
        if (problems !== '') note(problems)
        if (now.running) note(`apply it with: caisson config apply ${app} ${environment}`)
      }
    },
  )

  overApi(
    place(config.command('restore')).argument('<revision>', 'its number').description('make what an older revision was the newest one again'),
    async (api, app: string, environment: string, number: string, options: CommonOptions) => {
      const { newest } = await readConfiguration(api, app, environment)
      const route = path`/tenants/{tenant}/applications/${app}/config-revisions/${number.replace(/^r/, '')}/restorations`
      const saved = await api.call<RevisionView>('POST', route, { environment, expected: newest.number })
      show(options, saved, () => `Saved r${saved.number}, ${saved.note}.`)
    },
  )
}

function place(command: Command): Command {
  return command.argument('<app>').argument('<environment>')
}

/** A layer with what the options say of it. A key moves to the group that it is given in. */
export function changed(layer: LayerDocument, pairs: readonly string[], options: Omit<SetOptions, keyof CommonOptions | 'defaults'>): LayerDocument {
  const variables = pairsOf(pairs)
  const flags = pairsOf(options.flag).map(([key, value]) => [key, /^(?:true|false)$/.test(value) ? value === 'true' : value] as const)
  const connections = [
    ...pairsOf(options.secret).map(([key, secret]) => [key, { secret, deliver: 'environment' as const }] as const),
    ...pairsOf(options.secretFile).map(([key, secret]) => [key, { secret, deliver: 'file' as const }] as const),
  ]
  const files = pairsOf(options.file).map(([name, from]) => [name, from.startsWith('@') ? readFileSync(from.slice(1), 'utf8') : from] as const)
  const gone = new Set([...options.unset, ...[...variables, ...flags, ...connections].map(([key]) => key)])
  const without = <V>(group: Record<string, V>): Record<string, V> => Object.fromEntries(Object.entries(group).filter(([key]) => !gone.has(key)))
  return {
    ...layer,
    variables: { ...without(layer.variables), ...Object.fromEntries(variables) },
    flags: { ...without(layer.flags), ...Object.fromEntries(flags) },
    connections: { ...without(layer.connections), ...Object.fromEntries(connections) },
    files: { ...without(layer.files), ...Object.fromEntries(files) },
    jvmArguments: [...layer.jvmArguments.filter((one) => !gone.has(one)), ...options.jvm],
    ...(options.replicas === undefined ? {} : { replicas: Number(options.replicas) }),
  }
}

function pairsOf(texts: readonly string[]): (readonly [string, string])[] {
  return texts.map((text) => {
    const at = text.indexOf('=')
    if (at > 0) return [text.slice(0, at), text.slice(at + 1)] as const
    throw new Refusal('invalid_input', `“${text}” is no KEY=VALUE.`, { fix: 'Write it as ORDERS_REGION=eu.' })
  })
}

function describe(view: ConfigurationView): string {
  const { newest, running, application, environment } = view
  const runs =
    running === null
      ? 'nothing runs'
      : running.revision === newest.number && running.secretsChanged.length === 0
        ? `runs with ${running.release}`
        : `r${running.revision} runs; ${running.changes} ${running.changes === 1 ? 'value differs' : 'values differ'}${running.secretsChanged.length > 0 ? `, and the secrets ${running.secretsChanged.join(', ')}` : ''}`
  const rows = view.entries.map(({ group, key, text, from }) => [groupWords[group], key, clip(text), from.replace('_', ' ')])
  const problems = problemLines(view)
  return [
    `${application.slug} in ${environment.slug}: r${newest.number}, ${runs}`,
    table(['GROUP', 'KEY', 'VALUE', 'FROM'], rows),
    ...(problems === '' ? [] : [problems]),
  ].join('\n\n')
}

function problemLines({ problems: { missing, unknown, plaintext, unset } }: ConfigurationView): string {
  return [
    ...missing.map((key) => `  ✗ ${key} is required and not set`),
    ...unset.map((name) => `  ✗ the secret ${name} has no value: caisson secrets set`),
    ...plaintext.map(({ key, why }) => `  ✗ ${key}: ${why}`),
    ...unknown.map(({ key, suggestion }) => `  ✗ ${key} is unknown to the release${suggestion === '' ? '' : `; ${suggestion}?`}`),
  ].join('\n')
}

function describeDiff({ from, to, changes, same }: RevisionDiffView): string {
  const head = `${from.environment} r${from.number} → ${to.environment} r${to.number}`
  if (changes.length === 0) return `${head}: the same (${same} values).`
  const sign = { added: '+', removed: '−', changed: '~', same: '=' }
  const rows = changes.map(({ change, key, before, after }) => [sign[change], key, clip(before ?? '—'), clip(after ?? '—')])
  return `${head}\n${table(['', 'KEY', 'BEFORE', 'AFTER'], rows)}\n${same} the same`
}

function clip(text: string): string {
  const line = text.replaceAll('\n', '⏎')
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}
