// config edit: a layer as text in the person's own editor, judged by the rules of the config gate before it is sent.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Option, type Command } from 'commander'
import { path, type Api } from '#bin/cli/api'
import { layerRoutes, readConfiguration, type LayerChoice } from '#bin/cli/config-layer'
import { overApi, type CommonOptions } from '#bin/cli/over-api'
import { note, say, show } from '#bin/cli/print'
import type { LayerDocument } from '#lib/configuration/config-document'
import { layerText, readLayerText } from '#lib/configuration/layer-text'
import { lintText, type Finding, type LintFacts } from '#lib/configuration/lint-layer'
import { newlyInTheOpen } from '#lib/configuration/plaintext-secrets'
import type { ConfigurationView, PropertiesView, RevisionView } from '#lib/configuration/revision'
import type { SecretsView } from '#lib/configuration/secret'
import { Refusal } from '#lib/platform/refusal'

interface EditOptions extends CommonOptions {
  from?: string
  print?: boolean
  check?: boolean
  isNoSecret?: boolean
  defaults?: Exclude<LayerChoice, 'place'>
}

export function addConfigEdit(config: Command): void {
  overApi(
    config
      .command('edit')
      .argument('<app>')
      .argument('<environment>')
      .description('edit what a place says as text, in $VISUAL or $EDITOR; saved as the next revision')
      .option('--from <file>', 'take the text from a file, or from what is piped in (-), and open no editor')
      .option('--print', 'only print the text')
      .option('--check', 'only say what is wrong with the text; ends with 19 where the config gate would stop it')
      .option('--is-no-secret', 'what looks like a secret in the open is none: save it')
      .addOption(new Option('--defaults <layer>', 'the defaults of the application, or of the environment').choices(['application', 'environment']))
      .addHelpText(
        'after',
        `
Sections [connections], [flags], [variables] and [jvm-arguments] with KEY = VALUE below them; replicas, max-unavailable
and max-surge above. Lines with # are not kept. Files are set by config set --file and stay as they are.

  $ caisson config edit orders prod
  $ caisson config edit orders prod --print > orders.txt
  $ caisson config edit orders prod --from orders.txt --check`,
      ),
    edit,
  )
}

async function edit(api: Api, app: string, environment: string, options: EditOptions): Promise<void> {
  const view = await readConfiguration(api, app, environment)
  const layer = options.defaults ?? 'place'
  const before = layer === 'place' ? { number: view.newest.number, document: view.newest.own } : view.defaults[layer]
  const written = layerText(before.document)
  if (options.print) return say(written.trimEnd())
  const text =
    options.from === undefined ? inEditor(written, `${app} in ${environment}`) : readFileSync(options.from === '-' ? 0 : options.from, 'utf8')
  const findings = lintText(text, await factsOf(api, view, layer))
  const lines = findings.map((finding) => lineOf(text, finding))
  if (options.check) {
    show(options, { findings }, () => (lines.length === 0 ? 'Nothing to mend.' : lines.join('\n')))
    const errors = findings.filter(({ severity }) => severity === 'error').length
    if (errors === 0) return
    throw new Refusal('gates_blocked', `The config gate would stop ${errors} ${errors === 1 ? 'thing' : 'things'}.`, {
      fix: 'Mend the lines with ✗.',
    })
  }
  if (lines.length > 0 && !options.json) note(lines.join('\n'))
  const { document: read, problems } = readLayerText(text)
  if (problems.length > 0) throw new Refusal('invalid_input', 'The text cannot be read.', { fix: 'Mend the lines that are named, and edit again.' })
  const document: LayerDocument = { ...read, files: before.document.files }
  const open = newlyInTheOpen(document, before.document)
  if (open.length > 0 && !options.isNoSecret) {
    throw new Refusal('invalid_input', `${open.join(', ')} would stand in the open, and a revision never changes.`, {
      fix: 'Set it by caisson secrets set and name it below [connections]; --is-no-secret where it is none.',
    })
  }
  const sent = { ...(layer === 'place' ? { environment } : {}), expected: before.number, document }
  const saved = await api.call<Pick<RevisionView, 'number'>>('POST', layerRoutes[layer].path(app, environment), sent)
  const says = layerRoutes[layer].says
  show(options, saved, () =>
    saved.number === before.number ? `Nothing differs from r${saved.number} of ${says}.` : `Saved r${saved.number} of ${says}.`,
  )
}

/** What the person left in their editor. The file is theirs alone, and gone afterwards. */
function inEditor(text: string, name: string): string {
  const editor = process.env['VISUAL'] || process.env['EDITOR']
  if (!editor || !process.stdin.isTTY) {
    throw new Refusal('invalid_input', editor ? 'There is no terminal for an editor.' : 'Neither VISUAL nor EDITOR names an editor.', {
      fix: 'Set one, or give the text by --from.',
    })
  }
  const folder = mkdtempSync(join(tmpdir(), 'caisson-config-'))
  const file = join(folder, `${name.replaceAll(' ', '-')}.ini`)
  try {
    writeFileSync(file, text, { mode: 0o600 })
    const { status } = spawnSync(editor, [file], { stdio: 'inherit', shell: true })
    if (status !== 0) throw new Refusal('invalid_input', `${editor} ended with ${status ?? 'a signal'}.`, { fix: 'Nothing was saved; edit again.' })
    return readFileSync(file, 'utf8')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function factsOf(api: Api, view: ConfigurationView, layer: LayerChoice): Promise<LintFacts> {
  const [app, environment] = [view.application.slug, view.environment.slug]
  const properties = await api.call<PropertiesView>('GET', path`/tenants/{tenant}/applications/${app}/configuration/properties`, { environment })
  const secrets = await api.call<SecretsView>('GET', path`/tenants/{tenant}/applications/${app}/secrets`, { environment })
  return {
    properties: properties.items,
    required: properties.required,
    declared: properties.declared,
    setElsewhere: view.entries.filter(({ from, overrides }) => from !== layer || overrides.length > 0).map(({ key }) => key),
    secrets: secrets.items.filter(({ state }) => state === 'set').map(({ name }) => name),
    isPlace: layer === 'place',
  }
}

function lineOf(text: string, { from, severity, words }: Finding): string {
  return `  ${severity === 'error' ? '✗' : '!'} line ${text.slice(0, from).split('\n').length}: ${words}`
}
