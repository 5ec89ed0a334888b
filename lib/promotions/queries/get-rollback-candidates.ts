import type { z } from 'zod'
import { authorize, may } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import type { Verdict } from '#lib/platform/refusal'
import { findSubject, type Subject } from '#lib/promotions/internal/find-subject'
import { type Precheck, type RollbackCandidate, type rollbackCandidatesInput, type RollbackView } from '#lib/promotions/rollback'
import { holdNote } from '#lib/promotions/board-row'
import { checkImages, type ImageCheck } from '#lib/promotions/internal/check-images'
import type { ContractJudgement, ContractOf } from '#lib/promotions/database-contract'
import { contractWith, loadContracts } from '#lib/promotions/queries/load-contracts'
import { mayRunHere } from '#lib/promotions/may-run-here'
import { judgeState } from '#lib/promotions/state-label'
import { mayGoBack, newestRevision } from '#lib/promotions/resolve-request'
import { checkConfig } from '#lib/configuration/check-config'
import type { ConfigProblems } from '#lib/configuration/revision'
import { checkedComponents, secretNamesSet, type ReleaseFacts } from '#lib/promotions/situation'

/** Files are looked at for each, so the oldest are left out; they can still be asked for by name. */
const maxCandidates = 20

interface Completion {
  releaseId: string
  name: string
  at: Date
  /** When the next change of release completed here; null for what still runs. */
  until: Date | null
  revision: number
}

/**
 * Where an application can go back to in an environment: every other release that completed here, the last good one first, each
 * with how long it ran and the checks that are made before. No candidate is no error here; asking for a rollback then is a `conflict`.
 */
export async function getRollbackCandidates(ctx: TenantContext, input: z.output<typeof rollbackCandidatesInput>): Promise<RollbackView> {
  authorize(ctx.actor, 'tenant.read')
  const read = await ctx.read(async (tx) => {
    const bare = await findSubject(tx, ctx.tenant, input)
    const completions = (await loadCompletions(tx, bare)).slice(0, maxCandidates)
    const contracts = await loadContracts(tx, { environmentId: bare.place.environment.id, applicationId: bare.place.application.id })
    return { completions, contracts, subject: await findSubject(tx, ctx.tenant, input, { releaseNames: completions.map(({ name }) => name) }) }
  })
  const { subject, completions, contracts } = read
  const releases = completions.flatMap(({ releaseId }) => subject.place.application.releases.get(releaseId) ?? [])
  const images = await checkImages(
    ctx,
    releases.flatMap(({ components }) => components),
  )
  return present(ctx, subject, completions, { images, contracts })
}

/** What is looked up beside the situation. */
interface Looked {
  images: ReadonlyMap<string, ImageCheck>
  contracts: ReadonlyMap<string, ContractOf>
}

function present(ctx: TenantContext, subject: Subject, completions: readonly Completion[], looked: Looked): RollbackView {
  const { place, situation } = subject
  const { application, environment } = place
  const deployment = application.deployments.get(environment.id)
  const running = deployment && application.releases.get(deployment.releaseId)
  const others = completions.filter(({ releaseId }) => releaseId !== deployment?.releaseId)
  const rights = may(ctx.actor, 'rollback.request', { environment })
  const candidates = others.flatMap(({ releaseId, at, until, revision }): Omit<RollbackCandidate, 'isLastGood'>[] => {
    const release = application.releases.get(releaseId)
    if (!release) return []
    const prechecks = prechecksOf(release, running, looked, subject)
    return [
      {
        release: release.name,
        digest: release.components[0]?.digest ?? '',
        completedAt: at.toISOString(),
        ranForMs: Math.max(0, (until ?? situation.now).getTime() - at.getTime()),
        configRevision: revision,
        prechecks,
        needsRestore: prechecks.some(({ name, outcome }) => name === 'state_compatible' && outcome === 'failed'),
        contractWarning: prechecks.find(({ name, outcome }) => name === 'contract' && outcome === 'warning')?.reason ?? '',
        isBlocked: prechecks.some(standsInTheWay),
      },
    ]
  })
  const lastGood = candidates.find(({ isBlocked }) => !isBlocked)
  return {
    application: { slug: application.slug, name: application.name },
    environment: { slug: environment.slug, name: environment.name, isProtected: environment.isProtected },
    current: deployment
      ? {
          release: running?.name ?? '',
          digest: running?.components[0]?.digest ?? '',
          deployedAt: deployment.deployedAt.toISOString(),
          configRevision: deployment.configRevision,
          state: deployment.state,
        }
      : null,
    candidates: candidates.map((candidate) => ({ ...candidate, isLastGood: candidate === lastGood })),
    configRevisionNow: newestRevision(place).number,
    mayRollBack: rights.allowed ? mayGoBack(place, deployment) : rights,
    hold: holdNote(application, environment),
    targetSeconds: environment.policy.document.rollback.targetSeconds,
  }
}

/**
 * Configuration that is missing now was there then: going back to it is a choice of the request, and its gate judges the choice. A state
 * that differs asks for a restore, which is a step of the way.
 */
function standsInTheWay({ name, outcome }: Precheck): boolean {
  return name !== 'configuration' && name !== 'secrets' && name !== 'state_compatible' && (outcome === 'failed' || outcome === 'missing')
}

/** The last completion of each release here, newest first. A run ends when another release completes. */
async function loadCompletions(tx: Tx, { place }: Subject): Promise<Completion[]> {
  return tx.$queryRaw<Completion[]>`
    with runs as (
      select p.release_id, p.settled_at, (p.plan::jsonb #>> '{config,revision}')::int as revision,
        lag(p.release_id) over (order by p.settled_at) as before
      from promotion p
      where p.application_id = ${place.application.id} and p.environment_id = ${place.environment.id} and p.state = 'completed' and p.kind <> 'stop'),
    starts as (
      select release_id, settled_at, lead(settled_at) over (order by settled_at) as until from runs where before is distinct from release_id)
    select distinct on (s.release_id) s.release_id as "releaseId", r.name, s.settled_at as at, s.until,
      (select u.revision from runs u where u.release_id = s.release_id order by u.settled_at desc limit 1) as revision
    from starts s join release r on r.id = s.release_id order by s.release_id, s.settled_at desc`.then((rows) =>
    rows.toSorted((left, right) => right.at.getTime() - left.at.getTime()),
  )
}

function prechecksOf(
  release: ReleaseFacts,
  running: ReleaseFacts | undefined,
  { images, contracts }: Looked,
  { situation, place }: Subject,
): Precheck[] {
  const { application, environment } = place
  const { document } = newestRevision(place)
  const problems = checkConfig(document, checkedComponents(situation, release), secretNamesSet(application, environment.id))
  return [
    imageIntact(release, images),
    tagUnmoved(release),
    runsHere(mayRunHere(situation, place, { kind: 'rollback', release, replicas: document.replicas }), environment.runtimeKind),
    configurationThere(problems),
    secretsThere(problems),
    contractKept(contractWith(contracts, release)),
    stateCompatible(release, running),
  ]
}

function imageIntact({ components }: ReleaseFacts, images: ReadonlyMap<string, ImageCheck>): Precheck {
  const checks = components.map(({ digest }) => images.get(digest) ?? { outcome: 'missing' as const, reason: `${digest} was not looked at.` })
  const worst = checks.find(({ outcome }) => outcome !== 'passed') ?? checks[0]
  return { name: 'image_intact', outcome: worst?.outcome ?? 'missing', reason: worst?.reason ?? 'The release has no image.' }
}

function tagUnmoved({ name, components }: ReleaseFacts): Precheck {
  const isSame = components.every(({ taggedDigest, digest }) => taggedDigest === digest)
  if (isSame) return { name: 'tag_unmoved', outcome: 'passed', reason: `${name} is tagged with the digest that it was sealed with.` }
  return { name: 'tag_unmoved', outcome: 'failed', reason: `${name} is not tagged with the digest that it was sealed with.` }
}

/** By what a worker last told of the machine. Without that nothing is known, which is no pass. */
function runsHere(verdict: Verdict, runtimeKind: string): Precheck {
  if (verdict.allowed) return { name: 'runs_here', outcome: 'passed', reason: `The ${runtimeKind} runtime can run it.` }
  return {
    name: 'runs_here',
    outcome: verdict.code === 'runtime_unavailable' ? 'missing' : 'failed',
    reason: `${verdict.reason} ${verdict.fix ?? ''}`.trim(),
  }
}

function contractKept({ kind, reason }: ContractJudgement): Precheck {
  const outcomes = { none: 'not_applicable', kept: 'passed', fewer: 'warning', unknown: 'unknown' } as const
  return { name: 'contract', outcome: outcomes[kind], reason }
}

function stateCompatible(release: ReleaseFacts, running: ReleaseFacts | undefined): Precheck {
  const { kind, reason } = judgeState(release, running)
  return { name: 'state_compatible', outcome: kind === 'same' ? 'passed' : kind === 'differs' ? 'failed' : 'not_applicable', reason }
}

/** By the configuration as it is now; the `config` gate judges the one that the request chooses. */
function configurationThere({ missing }: ConfigProblems): Precheck {
  if (missing.length === 0) return { name: 'configuration', outcome: 'passed', reason: 'Every required key is set now.' }
  return { name: 'configuration', outcome: 'failed', reason: `${missing.join(', ')} is not set now; go back with the configuration as it was then.` }
}

function secretsThere({ unset }: ConfigProblems): Precheck {
  if (unset.length === 0) return { name: 'secrets', outcome: 'passed', reason: 'Every secret that the configuration refers to has a value.' }
  return {
    name: 'secrets',
    outcome: 'failed',
    reason: `${unset.join(', ')} has no value now; set it, or go back with the configuration as it was then.`,
  }
}
