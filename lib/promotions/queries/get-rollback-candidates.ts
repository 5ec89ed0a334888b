import type { z } from 'zod'
import { authorize, may } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { findSubject, type Subject } from '#lib/promotions/internal/find-subject'
import {
  recoveryTargetSeconds,
  type Precheck,
  type RollbackCandidate,
  type rollbackCandidatesInput,
  type RollbackView,
} from '#lib/promotions/rollback'
import { mayGoBack, newestRevision } from '#lib/promotions/resolve-request'
import type { ReleaseFacts } from '#lib/promotions/situation'

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
  return ctx.read(async (tx) => {
    const bare = await findSubject(tx, ctx.tenant, input)
    const completions = await loadCompletions(tx, bare)
    const subject = await findSubject(tx, ctx.tenant, input, { releaseNames: completions.map(({ name }) => name) })
    const { place, situation } = subject
    const { application, environment } = place
    const deployment = application.deployments.get(environment.id)
    const running = deployment && application.releases.get(deployment.releaseId)
    const others = completions.filter(({ releaseId }) => releaseId !== deployment?.releaseId)
    const rights = may(ctx.actor, 'rollback.request', { environment })
    const candidates = others.flatMap(({ releaseId, at, until, revision }): Omit<RollbackCandidate, 'isLastGood'>[] => {
      const release = application.releases.get(releaseId)
      if (!release) return []
      const prechecks = prechecksOf(release, running, subject)
      return [
        {
          release: release.name,
          digest: release.components[0]?.digest ?? '',
          completedAt: at.toISOString(),
          ranForMs: Math.max(0, (until ?? situation.now).getTime() - at.getTime()),
          configRevision: revision,
          prechecks,
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
      targetSeconds: recoveryTargetSeconds,
    }
  })
}

/** Configuration that is missing now was there then: going back to it is a choice of the request, and its gate judges the choice. */
function standsInTheWay({ name, outcome }: Precheck): boolean {
  return name !== 'configuration' && (outcome === 'failed' || outcome === 'missing')
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

function prechecksOf(release: ReleaseFacts, running: ReleaseFacts | undefined, { place }: Subject): Precheck[] {
  return [digestPresent(release), tagUnmoved(release), stateCompatible(release, running), configurationThere(release, place)]
}

function digestPresent({ name, components }: ReleaseFacts): Precheck {
  const absent = components.filter(({ hasManifest }) => !hasManifest)
  if (absent.length === 0) return { name: 'digest_present', outcome: 'passed', reason: `The registry has the image of ${name}.` }
  return {
    name: 'digest_present',
    outcome: 'missing',
    reason: `The registry does not have ${absent.map(({ digest }) => digest).join(', ')} any more.`,
  }
}

function tagUnmoved({ name, components }: ReleaseFacts): Precheck {
  const isSame = components.every(({ taggedDigest, digest }) => taggedDigest === digest)
  if (isSame) return { name: 'tag_unmoved', outcome: 'passed', reason: `${name} is tagged with the digest that it was sealed with.` }
  return { name: 'tag_unmoved', outcome: 'failed', reason: `${name} is not tagged with the digest that it was sealed with.` }
}

function stateCompatible(release: ReleaseFacts, running: ReleaseFacts | undefined): Precheck {
  const name = 'state_compatible'
  const pairs = release.components.map(({ name, spec }) => [
    spec.stateLabel,
    running?.components.find((one) => one.name === name)?.spec.stateLabel ?? '',
  ])
  if (pairs.every(([then, now]) => then === '' && now === '')) {
    return { name, outcome: 'not_applicable', reason: 'Neither release declares a state label, so nothing is known about their state.' }
  }
  const differs = pairs.find(([then, now]) => then !== now)
  if (!differs) return { name, outcome: 'passed', reason: 'Both releases declare the same state label: no restore is needed.' }
  const reason = `What runs declares state “${differs[1]}”, ${release.name} “${differs[0]}”: restore the state as well, or roll forward.`
  return { name, outcome: 'failed', reason }
}

function configurationThere(release: ReleaseFacts, place: Subject['place']): Precheck {
  const { variables } = newestRevision(place).document
  const missing = release.components.flatMap(({ spec }) =>
    spec.requiredKeys.filter((key) => !Object.hasOwn(variables, key) && !Object.hasOwn(spec.environment, key)),
  )
  if (missing.length === 0) return { name: 'configuration', outcome: 'passed', reason: 'Every required key is set now.' }
  return { name: 'configuration', outcome: 'failed', reason: `${missing.join(', ')} is not set now; go back with the configuration as it was then.` }
}
