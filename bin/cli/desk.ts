// desk, dossier: what an auditor asks first.
import type { Command } from 'commander'
import { path } from '#bin/cli/api'
import { overApi, type CommonOptions } from '#bin/cli/over-api'
import { pointInTime } from '#bin/cli/point-in-time'
import { facts, show, table, time } from '#bin/cli/print'
import type { DeskView } from '#lib/kits/desk'
import type { DossierChecklist, DossierView } from '#lib/kits/dossier'

interface DeskOptions extends CommonOptions {
  from?: string
  to?: string
  env?: string
  app?: string
  exceptions?: boolean
}

export function addDesk(program: Command): void {
  overApi(
    program
      .command('desk')
      .description('what reached production in a period, exceptions first, with who held which duty')
      .option('--from <time>', 'not before; thirty days ago when absent')
      .option('--to <time>', 'before; now when absent')
      .option('--env <environment>', 'one environment; the protected ones when absent')
      .option('--app <application>', 'one application')
      .option('--exceptions', 'only changes with an exception')
      .addHelpText('after', '\n  $ caisson desk --from 2026-01-01\n  $ caisson audit export --changes --format csv > changes.csv'),
    async (api, options: DeskOptions) => {
      const { env, app, exceptions } = options
      const asked = { environment: env, application: app, from: pointInTime(options.from), to: pointInTime(options.to) }
      const desk = await api.call<DeskView>('GET', '/tenants/{tenant}/desk', { ...asked, only: exceptions ? 'exceptions' : 'all', pageSize: '100' })
      show(options, desk, () => describeDesk(desk))
    },
  )
  overApi(
    program
      .command('dossier')
      .argument('<app>')
      .argument('<name>')
      .description('everything that was recorded about a release; with --json the proofs of inclusion too')
      .addHelpText('after', '\n  $ caisson dossier orders v1.4.0 --json > dossier.json'),
    async (api, app: string, name: string, options: CommonOptions) => {
      const dossier = await api.call<DossierView>('GET', path`/tenants/{tenant}/applications/${app}/releases/${name}/dossier`)
      show(options, dossier, () => describeDossier(dossier))
    },
  )
}

function describeDesk(desk: DeskView): string {
  const head = `${time(desk.from)} to ${time(desk.to)} in ${desk.environments.map(({ slug }) => slug).join(', ')}: ${desk.counts.changes} changes`
  const exceptions = desk.exceptions.map(({ severity, subject, words }) => `  ${severity}: ${subject === '' ? '' : `${subject}: `}${words}`)
  const rows = desk.changes.map((change) => [
    time(change.claimedAt),
    `${change.application.slug} ${change.release} → ${change.environment.slug}`,
    change.kind,
    change.state,
    change.uploadedBy.map(({ name }) => name).join(', '),
    change.requestedBy.name,
    change.approvals.map(({ by }) => by.name).join(', '),
    String(change.exceptions.length),
  ])
  return [
    head,
    ...(exceptions.length === 0 ? ['No exceptions.'] : exceptions),
    '',
    table(['AT', 'CHANGE', 'KIND', 'STATE', 'UPLOADED BY', 'REQUESTED BY', 'APPROVED BY', 'EXCEPTIONS'], rows),
  ].join('\n')
}

function describeDossier({ release, changes, checklists, exceptions, log, status }: DossierView): string {
  const seal = release.components[0]?.seal
  const proven = log.entries.filter(({ proof }) => proof !== null).length
  return [
    facts([
      ['release', `${release.application.slug} ${release.name}`],
      ['uploaded by', `${release.createdBy.name}, ${time(release.createdAt)}`],
      ['JAR', seal?.artifactDigest ?? ''],
      ['base', seal?.baseDigest ?? ''],
      ['image', release.digest],
      ['log', `${log.entries.length} entries about it, ${proven} proven; ${status.findings.length} findings`],
      ['root', log.head?.checkpoint.root ?? ''],
    ]),
    ...changes.map(
      (change) =>
        `\n${change.kind} to ${change.environment.slug}: ${change.state}\n${facts([
          ['  promotion', change.id],
          ['  plan', change.planDigest],
          ['  requested by', `${change.requestedBy.name}, ${time(change.requestedAt)}`],
          ['  approved by', change.approvals.map(({ by, meaning }) => `${by.name} (“${meaning}”)`).join(', ')],
          ['  deployed by', change.deployedBy?.name ?? ''],
          ['  gates', change.gates.map(({ gate, outcome }) => `${gate} ${outcome.replaceAll('_', ' ')}`).join(', ')],
          ['  verification', change.verification.replaceAll('_', ' ')],
        ])}`,
    ),
    ...checklists.map(describeChecklist),
    ...(exceptions.length === 0 ? [] : ['', ...exceptions.map(({ severity, subject, words }) => `${severity}: ${subject} ${words}`)]),
  ].join('\n')
}

function describeChecklist({ environment, items, settled, signOff }: DossierChecklist): string {
  const signed = signOff ? `${signOff.state} sign-off of ${signOff.signedBy.name}, ${time(signOff.signedAt)}: “${signOff.meaning}”` : 'nobody signed'
  const rows = items.map(({ title, status, reason }) => [`  ${title}`, status.replaceAll('_', ' '), reason])
  return `\nchecklist of ${environment.slug}: ${settled} of ${items.length} settled, ${signed}\n${table(['  ITEM', 'STATUS', 'BECAUSE'], rows)}`
}
