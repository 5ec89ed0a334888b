import { authorize, may } from '#lib/access/authorize'
import { actorId, type TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { sha256Hex } from '#lib/platform/canonical-json'
import { isRefusal, Refusal, type Verdict } from '#lib/platform/refusal'
import { assess, type Assessment } from '#lib/promotions/assess'
import { cliLineOf } from '#lib/promotions/cli-line'
import { desiredStateOf } from '#lib/promotions/desired-state'
import { blocks, sortGates, waits } from '#lib/promotions/gates'
import { configHash } from '#lib/configuration/config-document'
import { loadVersionNumbers } from '#lib/configuration/queries/list-secrets'
import { findSubject, type Subject } from '#lib/promotions/internal/find-subject'
import { kindOf, revisionThen } from '#lib/promotions/internal/open-promotion'
import { resolved, resolveRevision } from '#lib/promotions/internal/reassess'
import { renderManifests } from '#lib/runtime/render-manifests'
import { refuseBlocked } from '#lib/promotions/internal/refuse-blocked'
import { keyChanges, layerChanges, secretChanges } from '#lib/promotions/lanes'
import type { PlanDocument } from '#lib/promotions/plan'
import { sheetInput, type SheetInput, type SheetLanes, type SheetView } from '#lib/promotions/sheet'
import { mayRunHere } from '#lib/promotions/may-run-here'
import { verbOfKind, type PromotionKind } from '#lib/promotions/promotion-kind'
import { loadLayers } from '#lib/promotions/queries/load-layers'
import { peopleNames } from '#lib/releases/queries/people-names'
import { changesSomething, chooseRelease, mayScale, newestRevision, type Place, type Resolved } from '#lib/promotions/resolve-request'
import { mayRestore } from '#lib/promotions/state-label'
import { nextCloseAt, nextOpenAt, type ReleaseFacts, type RevisionFacts } from '#lib/promotions/situation'
import { evidenceFacts } from '#lib/promotions/evidence-facts'
import type { GateFacts } from '#lib/promotions/gates/gate-facts'

/** Everything that a request would change and everything in its way, without writing anything. Refuses what makes no sense (404, 409). */
export async function getSheet(ctx: TenantContext, input: SheetInput): Promise<SheetView> {
  authorize(ctx.actor, 'tenant.read')
  const asked = sheetInput.parse(input)
  return ctx.read(async (tx) => {
    const subject = await findSubject(tx, ctx.tenant, asked, { releaseNames: asked.release === undefined ? [] : [asked.release] })
    const { situation, place } = subject
    const { application, environment } = place
    const kind = kindOf(subject, asked.kind)
    const release = chooseRelease(place, kind, asked.release)
    const toRun = await preview(tx, subject, kind, release, asked)
    const assessment = assess(situation, place, toRun, { requestedBy: actorId(ctx.actor), decisions: [] }, renderManifests)
    const runs = mayRunHere(situation, place, toRun)
    const deployment = application.deployments.get(environment.id)
    const before = deployment ? await resolveRevision(tx, place, 'restart', null) : undefined
    const waiting = application.unsettled.get(environment.id)
    const people = await peopleNames(tx, [release.createdBy, waiting?.requestedBy ?? '', ...assessment.gates.map(({ waiver }) => waiver?.by ?? '')])
    const person = (id: string) => ({ id, name: people.get(id) ?? id })
    const gates = sortGates(assessment.gates).map((gate) =>
      gate.waiver ? { ...gate, waiver: { ...gate.waiver, by: person(gate.waiver.by).name } } : gate,
    )
    return {
      kind,
      application: { slug: application.slug, name: application.name },
      environment: { slug: environment.slug, name: environment.name, isProtected: environment.isProtected },
      release: {
        name: release.name,
        digest: release.components[0]?.digest ?? '',
        createdAt: release.createdAt.toISOString(),
        createdBy: person(release.createdBy),
      },
      baseline: baselineOf(place),
      lanes: {
        ...(await lanesOf(tx, place, toRun, assessment, before)),
        evidence: evidenceLane(evidenceFacts(situation, place, toRun.release, toRun.kind)),
      },
      gates,
      wouldBe: !runs.allowed
        ? 'refused'
        : !gates.some(blocks)
          ? 'at_once'
          : gates.every((gate) => !blocks(gate) || waits(gate))
            ? 'waiting'
            : 'refused',
      supersedes: waiting
        ? {
            promotionId: waiting.id,
            release: application.releases.get(waiting.releaseId)?.name ?? '',
            requestedBy: person(waiting.requestedBy),
            requestedAt: waiting.requestedAt.toISOString(),
            state: waiting.state,
          }
        : null,
      plan: assessment.plan,
      planDigest: assessment.planDigest,
      policyVersion: environment.policy.version,
      mayRequest: mayRequest(ctx, place, toRun, assessment, runs, asked.replicas),
      asksForName: environment.policy.document.requireEnvironmentName,
      replicas: toRun.replicas,
      strategy: toRun.revision.document.strategy,
      closesAt: nextCloseAt(situation, application.id, environment.id)?.toISOString() ?? null,
      opensAt: nextOpenAt(situation, application.id, environment.id)?.toISOString() ?? null,
      cliLine: cliLineOf({ kind, application, environment }, assessment.plan),
    }
  })
}

async function preview(
  tx: Tx,
  subject: Subject,
  kind: PromotionKind,
  release: ReleaseFacts,
  asked: { config: 'now' | 'then'; replicas?: number | undefined },
): Promise<Resolved> {
  const { place } = subject
  if (kind === 'scale') {
    const newest = newestRevision(place)
    const document = { ...newest.document, replicas: asked.replicas ?? newest.document.replicas }
    // The revision is written with the request; its number and hash are known already.
    return resolved(place, kind, release, { ...newest, number: newest.number + 1, hash: configHash(document), document })
  }
  const pinned = kind === 'rollback' && asked.config === 'then' ? await revisionThen(tx, subject, release.id) : null
  return resolved(place, kind, release, await resolveRevision(tx, place, kind, pinned))
}

function mayRequest(ctx: TenantContext, place: Place, toRun: Resolved, { gates }: Assessment, runs: Verdict, replicas: number | undefined): Verdict {
  const verb = may(ctx.actor, verbOfKind[toRun.kind], { environment: place.environment })
  if (!verb.allowed) return verb
  const standing = place.application.unsettled.get(place.environment.id)
  if (standing?.state === 'rolling_out') {
    return { allowed: false, code: 'conflict', reason: `A promotion is rolling out in ${place.environment.slug}.`, fix: 'Wait until it has settled.' }
  }
  const sense =
    toRun.kind === 'scale'
      ? scaleVerdict(place, replicas)
      : toRun.kind === 'rollback'
        ? mayRestore(place, toRun.release)
        : changesSomething(place, toRun)
  if (!sense.allowed) return sense
  if (!runs.allowed) return runs
  try {
    refuseBlocked(toRun.release.name, gates)
    return { allowed: true }
  } catch (error) {
    if (!isRefusal(error)) throw error
    return { allowed: false, code: error.code, reason: error.message, ...(error.fix === undefined ? {} : { fix: error.fix }) }
  }
}

function scaleVerdict(place: Place, replicas: number | undefined): Verdict {
  if (replicas === undefined) throw new Refusal('invalid_input', 'Say how many replicas.', { fix: 'Send replicas.' })
  return mayScale(place, replicas)
}

function baselineOf({ application, environment }: Place): SheetView['baseline'] {
  const deployment = application.deployments.get(environment.id)
  if (!deployment) return null
  const release = application.releases.get(deployment.releaseId)
  return {
    release: release?.name ?? '',
    digest: release?.components[0]?.digest ?? '',
    configRevision: deployment.configRevision,
    replicas: deployment.replicas,
    deployedAt: deployment.deployedAt.toISOString(),
    isStopped: deployment.isStopped,
    readyReplicas: deployment.readyReplicas,
  }
}

async function lanesOf(
  tx: Tx,
  place: Place,
  toRun: Resolved,
  { plan }: Assessment,
  before: RevisionFacts | undefined,
): Promise<Omit<SheetLanes, 'evidence'>> {
  const running = place.application.releases.get(place.application.deployments.get(place.environment.id)?.releaseId ?? '')
  const layers = await loadLayers(tx, [...(running ? [running.id] : []), toRun.release.id])
  const artifact = layerChanges(running ? (layers.get(running.id) ?? []) : [], layers.get(toRun.release.id) ?? [])
  const configuration = keyChanges(before, toRun.revision)
  const deployed = place.application.deployments.get(place.environment.id)?.secrets ?? []
  const versions = await loadVersionNumbers(tx, [...deployed, ...plan.secrets])
  const manifestsBefore = running && before ? manifestsOf(plan, running, before, place) : null
  return {
    artifact,
    configuration,
    secrets: secretChanges(deployed, plan.secrets, versions),
    manifests: { digest: plan.manifestsDigest, before: manifestsBefore, isChanged: manifestsBefore !== plan.manifestsDigest },
  }
}

/** What has to be known before, as the gate reads it. */
function evidenceLane(evidence: GateFacts['evidence']): SheetLanes['evidence'] {
  const before = evidence?.here.items.filter(({ when, control }) => when === 'before' && control !== 'rendered-manifest') ?? []
  return before.map(({ title, status, reason }) => ({ item: title, status: status.replace('_', ' '), reason }))
}

/** The manifests of what runs, rendered as they would be now. */
function manifestsOf(plan: PlanDocument, running: ReleaseFacts, revision: RevisionFacts, place: Place): string {
  const replicas = place.application.deployments.get(place.environment.id)?.replicas ?? revision.document.replicas
  const inputs = {
    ...plan,
    secrets: place.application.deployments.get(place.environment.id)?.secrets ?? [],
    release: { id: running.id, name: running.name, components: running.components },
    replicas,
    strategy: revision.document.strategy,
  }
  return `sha256:${sha256Hex(renderManifests(plan.runtime.kind, desiredStateOf(inputs, revision.document)))}`
}
