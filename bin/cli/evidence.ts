// evidence, sign: what is known about a release in an environment, and the owner's signature under it.
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { Option, type Command } from 'commander'
import { reauthenticating } from '#bin/cli/account'
import { path, type Api } from '#bin/cli/api'
import { ask } from '#bin/cli/ask'
import { overApi, type CommonOptions } from '#bin/cli/over-api'
import { pointInTime } from '#bin/cli/point-in-time'
import { facts, note, say, short, show, table, time } from '#bin/cli/print'
import { sendFile } from '#bin/cli/send-file'
import type { ChecklistSummary, ChecklistView, ItemView, SignOffTextView } from '#lib/evidence/checklist-view'
import type { VerificationKey } from '#lib/evidence/dsse'
import { proveSignOff, usualMeaning } from '#lib/evidence/sign-off-proof'
import { Refusal } from '#lib/platform/refusal'

interface AttachOptions extends CommonOptions {
  summary: string
  file?: string
  text?: string
  part?: string
  outcome: string
  observedAt?: string
  form?: string
  testFiredAt?: string
}

export function addEvidence(program: Command): void {
  const evidence = program.command('evidence').description('what is known about a release in an environment')
  addReading(evidence)
  addAttach(evidence)
  addVerify(evidence)
  addSign(program)
}

function addReading(evidence: Command): void {
  overApi(
    evidence
      .command('list')
      .description('checklists of what runs, and of other releases that something is known about')
      .option('--app <slug>', 'of this application only')
      .option('--env <slug>', 'in this environment only'),
    async (api, options: CommonOptions & { app?: string; env?: string }) => {
      const sent = { application: options.app, environment: options.env }
      const answer = await api.call<{ items: ChecklistSummary[] }>('GET', '/tenants/{tenant}/checklists', sent)
      show(options, answer, () => (answer.items.length === 0 ? 'Nothing runs yet, and nothing was attached.' : summaryTable(answer.items)))
    },
  )

  overApi(
    subjectOf(evidence.command('show').description('every item of a checklist: status, owner, age, and what it rests on')),
    async (api, application: string, environment: string, release: string, options: CommonOptions) => {
      const view = await api.call<ChecklistView>('GET', route(application, environment, release))
      show(options, view, () => describeChecklist(view))
    },
  )

  overApi(
    evidence.command('content').argument('<evidence>').description('the content of a row of evidence, to stdout'),
    async (api, id: string, _options: CommonOptions) => {
      const response = await api.fetch('GET', path`/tenants/{tenant}/evidence/${id}/content`)
      process.stdout.write(Buffer.from(await response.arrayBuffer()))
    },
  )
}

function addAttach(evidence: Command): void {
  overApi(
    subjectOf(evidence.command('attach').description('attach a file or a statement, bound to the digests of the release'))
      .argument('<item>', 'alert-wiring, backup-proof, network, …')
      .requiredOption('--summary <sentence>', 'what it shows')
      .option('--file <path>', 'the file; at most 32 MiB')
      .option('--text <words>', 'the statement, instead of a file')
      .option('--part <name>', 'which part: data or secrets of recovery')
      .addOption(new Option('--outcome <outcome>', 'what it shows').choices(['pass', 'fail', 'skipped']).default('pass'))
      .option('--observed-at <time>', 'when it was seen: ISO 8601; now when absent')
      .addOption(new Option('--form <form>', 'for observability: what there is').choices(['monitors', 'equivalent']))
      .option('--test-fired-at <time>', 'for observability: when equivalent alerts were fired to try them')
      .addHelpText(
        'after',
        `
A file is kept in the registry, as a referrer of the image. Skipped is no pass. What was attached before stays, under the newer one.

  $ caisson evidence attach orders prod v1.4.0 alert-wiring --file alerts.pdf --summary "the pager rang at 10:02"
  $ caisson evidence attach orders prod v1.4.0 recovery --part data --text "restored in 11 minutes" --summary "drill of May"`,
      ),
    async (api, application: string, environment: string, release: string, control: string, options: AttachOptions) => {
      const view = await attach(api, route(application, environment, release), control, options)
      show(options, view, () => {
        const item = view.items.find((one) => one.control === control)
        return `Attached. ${item ? `${item.title}: ${item.status.replace('_', ' ')}. ${item.reason}` : ''}`
      })
    },
  )
}

async function attach(api: Api, checklist: string, control: string, options: AttachOptions): Promise<ChecklistView> {
  const { file, text, summary, part, outcome, form } = options
  const observedAt = pointInTime(options.observedAt)
  const testFiredAt = pointInTime(options.testFiredAt)
  const said = { control, part, outcome, summary, form, observedAt, testFiredAt }
  if ((file === undefined) === (text === undefined)) {
    throw new Refusal('invalid_input', 'Evidence is a file or a statement.', { fix: 'Give either --file or --text.' })
  }
  if (file === undefined) return api.call<ChecklistView>('POST', `${checklist}/statements`, { ...said, text })
  const sizeBytes = statSync(file, { throwIfNoEntry: false })?.size
  if (sizeBytes === undefined) throw new Refusal('not_found', `There is no file ${file}.`, { fix: 'Name a file that is there.' })
  const address = await api.address(`${checklist}/files`, { ...said, fileName: basename(file) })
  return sendFile<ChecklistView>(address, api.token, { file, sizeBytes, showsBar: process.stderr.isTTY && !options.json })
}

function addVerify(evidence: Command): void {
  overApi(
    subjectOf(evidence.command('verify').description('prove a sign-off on this machine: key, text, images and content'))
      .option('--key <file>', 'JSON of the key that you kept ({keyId, publicKey}); else the one that the server names')
      .addHelpText(
        'after',
        `
The envelope (DSSE, Ed25519) is opened here, its text compared with what the server shows, its subjects with the images of the
release, and its digest with the content as it was signed and as it stands now. Exit code 2 when anything differs.

  $ caisson evidence verify orders prod v1.4.0`,
      ),
    async (api, application: string, environment: string, release: string, options: CommonOptions & { key?: string }) => {
      const view = await api.call<ChecklistView>('GET', route(application, environment, release))
      if (!view.signOff) throw new Refusal('not_found', `Nobody has signed ${application} ${release} in ${environment}.`, { fix: 'Ask its owner.' })
      const key = options.key === undefined ? view.key : (JSON.parse(readFileSync(options.key, 'utf8')) as VerificationKey)
      const digests = view.release.components.map(({ digest }) => digest)
      const proof = await proveSignOff(view.signOff, { content: view.content, digests }, key, digestOfText)
      show(options, { ...proof, signOff: view.signOff, key }, () =>
        [
          ...proof.checks.map(({ words, isGood }) => `${isGood ? '✓' : '✗'} ${words}`),
          proof.isValid ? `Signed by ${view.signOff?.signedBy.name} at ${time(view.signOff?.signedAt ?? '')}.` : 'The sign-off does not hold.',
        ].join('\n'),
      )
      if (!proof.isValid) process.exitCode = 2
    },
  )
}

function addSign(program: Command): void {
  overApi(
    subjectOf(program.command('sign').description('sign a checklist: the owner reads the exact text, and signs that one'))
      .option('--meaning <sentence>', 'what your signature says', usualMeaning)
      .option('--comment <text>', 'what you want to have said', '')
      .option('--yes', 'do not ask')
      .addHelpText(
        'after',
        `
It prints the text byte for byte, asks, and sends the digest of what it printed. It asks for your password when the last one is
older than five minutes. Locked (17) while an item is open; 18 when the checklist changed in between.

  $ caisson sign orders prod v1.4.0`,
      ),
    async (
      api,
      application: string,
      environment: string,
      release: string,
      options: CommonOptions & { meaning: string; comment: string; yes?: boolean },
    ) => {
      const { meaning, comment } = options
      const checklist = route(application, environment, release)
      const shown = await api.call<SignOffTextView>('GET', `${checklist}/sign-off-text`, { meaning, comment })
      if (!shown.sign.allowed) throw new Refusal(shown.sign.code, shown.sign.reason, shown.sign.fix === undefined ? {} : { fix: shown.sign.fix })
      if (options.json) note(shown.text)
      else say(shown.text)
      if (!options.yes && !/^y(es)?$/i.test((await ask(`Sign this text (${shown.digest.slice(0, 19)}…)? Type yes: `)).trim())) {
        throw new Refusal('invalid_input', 'Nothing was signed.', { fix: 'Type yes, or run it with --yes.' })
      }
      const sent = { meaning, comment, preparedAt: shown.preparedAt, statementDigest: shown.digest }
      const view = await reauthenticating(api, () => api.call<ChecklistView>('POST', `${checklist}/sign-offs`, sent))
      show(options, view, () => `Signed. Prove it with: caisson evidence verify ${application} ${environment} ${release}`)
    },
  )
}

function subjectOf(command: Command): Command {
  return command.argument('<app>').argument('<environment>').argument('<release>')
}

function route(application: string, environment: string, release: string): string {
  return path`/tenants/{tenant}/checklists/${application}/${environment}/${release}`
}

async function digestOfText(text: string): Promise<string> {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

const signs: Record<ItemView['status'], string> = { pass: '✓', fail: '✗', skipped: '-', missing: '?', waived: '~', expired: '!', not_applicable: '·' }

function describeChecklist(view: ChecklistView): string {
  const lines = view.items.map((item) => {
    const rests = item.evidence.map(({ contentDigest, observedAt, recordedBy, origin }) => {
      const by = origin === 'system' ? 'Caisson' : recordedBy.name
      return `      ${short(contentDigest)} ${time(observedAt)} by ${by}`
    })
    return [`  ${signs[item.status]} ${item.title}: ${item.status.replace('_', ' ')}. ${item.reason}`, ...rests].join('\n')
  })
  const { signOff } = view
  const head = facts([
    ['checklist', `${view.application.slug} ${view.release.name} in ${view.environment.slug}${view.isRunning ? ', runs there now' : ''}`],
    ['images', view.release.components.map(({ repository, digest }) => `${repository}@${digest}`).join(' ')],
    ['content', view.digest],
    ['settled', `${view.settled} of ${view.items.length}`],
    [
      'sign-off',
      signOff ? `${signOff.state}, by ${signOff.signedBy.name} at ${time(signOff.signedAt)}${signOff.reason ? `. ${signOff.reason}` : ''}` : 'none',
    ],
    ['at risk', view.risks.join(' ')],
  ])
  return `${head}\n\n${lines.join('\n')}`
}

function summaryTable(items: readonly ChecklistSummary[]): string {
  return table(
    ['APPLICATION', 'ENVIRONMENT', 'RELEASE', 'SETTLED', 'SIGN-OFF', 'OPEN'],
    items.map((one) => [
      one.application.slug,
      `${one.environment.slug}${one.isRunning ? '' : ' (not running)'}`,
      one.release.name,
      `${one.settled} of ${one.total}`,
      `${one.signOffState}${one.isAtRisk ? ', at risk' : ''}`,
      one.open.map(({ title }) => title.toLowerCase()).join(', '),
    ]),
  )
}
