// One judgement of one request: what would run (plan), what approvals sign (its digest), what stands in the way (gates).
import { sha256Hex } from '#lib/platform/canonical-json'
import { checkConfig } from '#lib/configuration/check-config'
import { approvalRules, countingApprovals } from '#lib/promotions/approval'
import { desiredStateOf } from '#lib/promotions/desired-state'
import { evidenceDigest, evidenceFacts } from '#lib/promotions/evidence-facts'
import { evaluateGates } from '#lib/promotions/evaluate-gates'
import type { GateResult } from '#lib/promotions/gates'
import type { GateFacts } from '#lib/promotions/gates/gate-facts'
import { planDigest, type PlanDocument } from '#lib/promotions/plan'
import type { Place, Resolved } from '#lib/promotions/resolve-request'
import { checkedComponents, closedBy, nextOpenAt, secretNamesSet, type ApprovalFacts, type Situation } from '#lib/promotions/situation'
import type { DesiredState } from '#lib/runtime/driver'

/** The manifests of a runtime of this kind as text: pure, the same bytes for the same state. */
export type Render = (runtimeKind: string, desired: DesiredState) => string

/** Who asks, and what was decided so far. */
export interface Asked {
  requestedBy: string
  decisions: readonly ApprovalFacts[]
}

export const nobodyYet: Asked = { requestedBy: '', decisions: [] }

export interface Assessment {
  plan: PlanDocument
  planDigest: string
  gates: GateResult[]
  /** The decisions that count for this plan. */
  counted: ApprovalFacts[]
}

export function assess(situation: Situation, place: Place, resolved: Resolved, asked: Asked, render: Render): Assessment {
  const plan = composePlan(situation, place, resolved, render)
  const digest = planDigest(plan)
  const counted = countedFor(situation, place, resolved, asked, digest)
  return { plan, planDigest: digest, gates: judge(situation, place, resolved, asked, counted), counted }
}

/** The gates alone, as they would be for a plan that has these decisions. */
export function judge(
  situation: Situation,
  place: Place,
  resolved: Pick<Resolved, 'kind' | 'release' | 'revision'>,
  asked: Asked,
  counted: readonly ApprovalFacts[],
): GateResult[] {
  const waivers = place.application.waivers.filter(({ environmentId }) => environmentId === place.environment.id)
  return evaluateGates(gateFacts(situation, place, resolved, asked, counted), place.environment.policy, waivers)
}

function countedFor(situation: Situation, place: Place, { release }: Resolved, asked: Asked, digest: string): ApprovalFacts[] {
  const uploadedBy = uploadersOf(release)
  const question = { planDigest: digest, requestedBy: asked.requestedBy, uploadedBy, now: situation.now }
  return countingApprovals(asked.decisions, question, approvalRules(place.environment.policy.document))
}

export function uploadersOf(release: Resolved['release']): string[] {
  return [...new Set([release.createdBy, ...release.components.map(({ uploadedBy }) => uploadedBy)].filter((id) => id !== ''))]
}

export function composePlan(situation: Situation, place: Place, resolved: Resolved, render: Render): PlanDocument {
  const { application, environment } = place
  const { kind, release, revision, replicas } = resolved
  const deployment = application.deployments.get(environment.id)
  const running = deployment && application.releases.get(deployment.releaseId)
  const inputs = {
    tenant: { id: situation.tenant.id, slug: situation.tenant.slug },
    application: { id: application.id, slug: application.slug },
    environment: { id: environment.id, slug: environment.slug },
    release: {
      id: release.id,
      name: release.name,
      components: release.components.map(({ name, repository, digest, baseDigest, spec }) => ({ name, repository, digest, baseDigest, spec })),
    },
    replicas,
    strategy: revision.document.strategy,
    secrets: resolved.secrets,
  }
  return {
    ...inputs,
    kind,
    config: { revision: revision.number, hash: revision.hash },
    runtime: { kind: environment.runtimeKind },
    manifestsDigest: `sha256:${sha256Hex(render(environment.runtimeKind, desiredStateOf(inputs, revision.document)))}`,
    policyVersion: environment.policy.version,
    signatures: [],
    evidenceDigest: evidenceDigest(situation, place, release, kind),
    baseline: deployment
      ? {
          release: running?.name ?? deployment.releaseId,
          components: (running?.components ?? []).map(({ name, digest }) => ({ name, digest })),
          configRevision: deployment.configRevision,
          configHash: deployment.configHash,
          replicas: deployment.replicas,
          isStopped: deployment.isStopped,
        }
      : null,
    freezeExemptions: kind === 'rollback' ? closedBy(situation, application.id, environment.id).map(({ id }) => id) : [],
    waivers: application.waivers.filter((one) => one.environmentId === environment.id).map(({ id, gate }) => ({ id, gate })),
  }
}

function gateFacts(
  situation: Situation,
  place: Place,
  { kind, release, revision }: Pick<Resolved, 'kind' | 'release' | 'revision'>,
  asked: Asked,
  counted: readonly ApprovalFacts[],
): GateFacts {
  const { application, environment } = place
  return {
    now: situation.now,
    kind,
    tenant: situation.tenant,
    application,
    environment,
    release,
    upstream: situation.environments
      .filter(({ id }) => environment.upstreamIds.includes(id))
      .map(({ id, slug }) => {
        const deployment = application.deployments.get(id) ?? null
        const inFlight = application.unsettled.get(id)
        return {
          slug,
          completedAt: application.completed.get(id)?.get(release.id) ?? null,
          deployment,
          runs: runningIn(application, id),
          isRollingOut: inFlight?.state === 'rolling_out' && inFlight.releaseId === release.id,
        }
      }),
    completedHereAt: application.completed.get(environment.id)?.get(release.id) ?? null,
    runs: runningIn(application, environment.id),
    deployedAt: application.deployments.get(environment.id)?.deployedAt ?? null,
    backupAt: situation.backupAt,
    freezes: closedBy(situation, application.id, environment.id),
    opensAt: nextOpenAt(situation, application.id, environment.id),
    hold: application.holds.get(environment.id) ?? null,
    revision,
    configProblems: () => checkConfig(revision.document, checkedComponents(situation, release), secretNamesSet(application, environment.id)),
    requestedBy: asked.requestedBy,
    approvals: counted,
    approvedEarlier: application.approved.get(environment.id)?.get(release.id) ?? [],
    approvalRules: approvalRules(environment.policy.document),
    evidence: evidenceFacts(situation, place, release, kind),
  }
}

/** Name of the release that is promised somewhere; '' for none. */
function runningIn(application: Place['application'], environmentId: string): string {
  const deployment = application.deployments.get(environmentId)
  return (deployment && application.releases.get(deployment.releaseId)?.name) ?? ''
}
