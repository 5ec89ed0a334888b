// A revision's document, from what runs, what is configured, what is known, and what people add to it.
import { currentRevision, findRevision } from '#lib/configuration/queries/current-revision'
import { presentSecrets } from '#lib/configuration/queries/list-secrets'
import type { ConfigDocument } from '#lib/configuration/config-document'
import type { Checklist } from '#lib/evidence/checklist'
import type { EvidenceIndex } from '#lib/evidence/facts'
import type { FoundSubject } from '#lib/evidence/queries/find-subject'
import { loadChecklist } from '#lib/evidence/queries/get-checklist'
import { bundleVersion, kitDocumentSchema, pinnedName, type KitDocument, type Section } from '#lib/kits/document'
import { runbookSections, valueSections, type RunbookSection } from '#lib/kits/sections'
import { digestOfJson } from '#lib/platform/canonical-json'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { Refusal } from '#lib/platform/refusal'

export interface Added {
  values: Partial<Record<(typeof valueSections)[number], Section | undefined>>
  runbook: Partial<Record<RunbookSection, string | undefined>>
}

export interface Composed {
  document: KitDocument
  subject: FoundSubject
  index: EvidenceIndex
  checklist: Checklist
}

/** `before` is the document of the revision before, whose additions are kept. */
export async function composeKit(
  tx: Tx,
  ctx: TenantContext,
  place: { application: string; environment: string; release: string },
  added: Added,
  revision: number,
  before: KitDocument | null,
): Promise<Composed> {
  const pinned = pinnedName.safeParse(place.release)
  if (!pinned.success) throw new Refusal('invalid_input', `${place.release} is ${pinned.error.issues[0]?.message ?? 'not a pinned release'}.`)
  const { subject, index, checklist } = await loadChecklist(tx, ctx, place)
  const running = checklist.content.running
  const deployment = await tx.deployment.findUnique({
    where: { environmentId_applicationId: { environmentId: subject.environment.id, applicationId: subject.application.id } },
    select: { releaseId: true, configRevision: true },
  })
  const newest = await currentRevision(tx, subject.environment.id, subject.application.id)
  const isRunning = running !== null && deployment?.releaseId === subject.release.id
  const config = isRunning ? ((await findRevision(tx, subject.environment.id, subject.application.id, deployment.configRevision)) ?? newest) : newest
  const secrets = await secretManifest(tx, subject, config.document)
  const manifest = checklist.items.find(({ control }) => control.id === 'rendered-manifest')?.rows[0]
  const document: KitDocument = {
    tenant: ctx.tenant.slug,
    application: subject.application.slug,
    environment: subject.environment.slug,
    revision,
    release: {
      name: subject.release.name,
      bundle: bundleVersion(subject.release.name, revision),
      components: subject.release.components.map(({ name, repository, digest }) => ({
        name,
        image: `${repository}:${subject.release.name}@${digest}`,
        digest,
      })),
    },
    configuration: { revision: config.number, hash: config.hash, isRunning },
    values: valuesOf(subject, config.document, secrets, added, before),
    secrets,
    runbook: runbookOf(subject, added, before),
    checklist: {
      template: checklist.content.template,
      digest: checklist.digest,
      signOff: checklist.signOffState,
      items: checklist.items.map(({ control, status, reason, rows }) => ({
        control: control.id,
        title: control.title,
        status,
        reason,
        contentDigests: rows.map(({ contentDigest }) => contentDigest),
      })),
    },
    manifestsDigest: manifest?.contentDigest ?? '',
  }
  return { document: kitDocumentSchema.parse(document), subject, index, checklist }
}

async function secretManifest(tx: Tx, subject: FoundSubject, config: ConfigDocument): Promise<KitDocument['secrets']> {
  const kept = await presentSecrets(tx, subject)
  const needed = subject.release.components.flatMap(({ spec }) => spec.requiredSecrets ?? [])
  const names = [...new Set([...kept.filter(({ state }) => state !== 'unset').map(({ name }) => name), ...needed])].toSorted()
  return names.map((key) => {
    const secret = kept.find(({ name, state }) => name === key && state === 'set')
    const deliveries = Object.entries(config.connections).flatMap(([variable, one]) =>
      one.secret === key ? [one.deliver === 'file' ? `a file whose path is in ${variable}` : `the variable ${variable}`] : [],
    )
    return {
      key,
      owner: secret?.changedBy?.name ?? '',
      location: secret ? 'Caisson: AES-256-GCM under the data key of the tenant' : '',
      delivery: deliveries.join(', ') || 'not delivered',
      lastRotatedAt: secret?.changedAt ?? '',
    }
  })
}

function valuesOf(
  { application, release }: FoundSubject,
  config: ConfigDocument,
  secrets: KitDocument['secrets'],
  added: Added,
  before: KitDocument | null,
): KitDocument['values'] {
  const specs = release.components
  const set = (values: Record<string, unknown>): Section => ({ state: 'set', values })
  const inherited = (values: Record<string, unknown>): Section => ({ state: 'inherited', values })
  const isStateless = specs.every(({ spec }) => spec.stateMigration === 'none')
  const connections = Object.fromEntries(Object.entries(config.connections).map(([key, { secret, deliver }]) => [key, { secret, deliver }]))
  const own: KitDocument['values'] = {
    registry: inherited({ repositories: specs.map(({ repository }) => repository) }),
    tag: inherited({ tag: release.name, digests: specs.map(({ digest }) => digest) }),
    secrets: secrets.length > 0 ? set({ connections }) : { state: 'not_applicable', reason: whyNoSecrets(specs) },
    networkPolicy: inherited({ ingressPorts: specs.map(({ spec }) => spec.containerPort) }),
    ingress: inherited({ service: application.slug, port: specs[0]?.spec.containerPort ?? 0 }),
    resources: set({
      replicas: config.replicas,
      strategy: config.strategy,
      memoryMiB: Object.fromEntries(specs.map(({ name, spec }) => [name, spec.memoryMiB])),
      jvmArguments: config.jvmArguments,
      variables: config.variables,
      flags: config.flags,
      files: Object.fromEntries(Object.entries(config.files).map(([path, content]) => [path, digestOfJson(content)])),
    }),
    replayPersistence: isStateless
      ? { state: 'not_applicable', reason: `${release.name} declares that it migrates no state; its data directory outlives no replica.` }
      : inherited({ dataDirectory: '${DATA_DIR}' }),
    observability: inherited({ readiness: Object.fromEntries(specs.map(({ name, spec }) => [name, spec.readiness])) }),
  }
  // What somebody said for this environment in the revision before is said again, where Caisson itself knows nothing better.
  const said = (section: (typeof valueSections)[number]): Section =>
    added.values[section] ??
    (own[section].state === 'inherited' && before && before.values[section].state !== 'inherited' ? before.values[section] : own[section])
  return Object.fromEntries(valueSections.map((section) => [section, said(section)])) as KitDocument['values']
}

function whyNoSecrets(specs: FoundSubject['release']['components']): string {
  const isSaid = specs.every(({ spec }) => spec.requiredSecrets !== undefined)
  return isSaid
    ? 'No connection names a secret, and the release asks for none.'
    : 'No connection names a secret; the release does not say which it needs.'
}

function runbookOf({ application, environment, release }: FoundSubject, added: Added, before: KitDocument | null): KitDocument['runbook'] {
  const [app, env] = [application.slug, environment.slug]
  const own: KitDocument['runbook'] = {
    install: `caisson promote ${app} ${release.name} --to ${env} --wait`,
    verify: `caisson status ${app}\ncaisson evidence show ${app} ${env} ${release.name}`,
    rollback: `caisson rollback ${app} ${env} --reason "what went wrong" --wait`,
    // What is backed up, and where it comes back, is known to those who run it.
    backup: '',
    restore: '',
    incident: `caisson stop-the-line --app ${app} --env ${env} --incident ID --reason "what happened"\nThen go back as under rollback; the clock runs from the stop.`,
  }
  const generated = new Set<RunbookSection>(['install', 'verify', 'rollback'])
  return Object.fromEntries(
    runbookSections.map((section) => [
      section,
      added.runbook[section] ?? (generated.has(section) ? own[section] : (before?.runbook[section] ?? own[section])),
    ]),
  ) as KitDocument['runbook']
}
