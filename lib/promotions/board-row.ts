// One row of the board from the situation: pure, so that a thousand rows cost no statement more than one.
import { judge, nobodyYet, type Asked } from '#lib/promotions/assess'
import type { BoardCell, BoardColumn, BoardLock, BoardRow, InFlight } from '#lib/promotions/board'
import { blocks, waits, type GateResult } from '#lib/promotions/gates'
import type { HoldNote } from '#lib/promotions/hold'
import type { PromotionKind } from '#lib/promotions/promotion-kind'
import { isStale, standingState } from '#lib/readiness/readiness'
import { nextCloseAt, nextOpenAt, type ApplicationFacts, type EnvironmentFacts, type ReleaseFacts, type Situation } from '#lib/promotions/situation'

export function boardColumn(situation: Situation, environment: EnvironmentFacts): BoardColumn {
  const closed = situation.freezes.filter(
    ({ environmentId, applicationId, startsAt }) =>
      startsAt <= situation.now && applicationId === null && (environmentId === null || environmentId === environment.id),
  )
  const [first] = closed
  return {
    slug: environment.slug,
    name: environment.name,
    rank: environment.rank,
    isProtected: environment.isProtected,
    isCustom: environment.isCustom,
    standing: environment.isWithinTier ? 'within_tier' : 'over_limit',
    freeze: {
      state: first ? 'closed' : 'open',
      reason: first?.reason ?? '',
      endsAt: nextOpenAt(situation, null, environment.id)?.toISOString() ?? null,
      nextCloseAt: nextCloseAt(situation, null, environment.id)?.toISOString() ?? null,
    },
    runtime: environment.runtimeKind,
    upstream: upstreamOf(situation, environment).map(({ slug }) => slug),
  }
}

export function boardRow(situation: Situation, application: ApplicationFacts): BoardRow {
  const { slug, name, componentCount } = application
  return {
    application: { slug, name, componentCount },
    cells: situation.environments.map((environment) => boardCell(situation, application, environment)),
    locks: situation.environments.flatMap((to) => upstreamOf(situation, to).map((from) => boardLock(situation, application, from, to))),
  }
}

export function boardCell(situation: Situation, application: ApplicationFacts, environment: EnvironmentFacts): BoardCell {
  const deployment = application.deployments.get(environment.id)
  const release = deployment && application.releases.get(deployment.releaseId)
  const unsettled = application.unsettled.get(environment.id)
  const newest = application.revisions.get(environment.id)
  return {
    environment: environment.slug,
    running: deployment
      ? {
          release: release?.name ?? '',
          digest: release?.components[0]?.digest ?? '',
          deployedAt: deployment.deployedAt.toISOString(),
          configRevision: deployment.configRevision,
          replicas: deployment.replicas,
          readyReplicas: isStale(deployment, situation.now) ? 0 : deployment.readyReplicas,
          ...standingState(deployment, situation.now),
          observedAt: deployment.observedAt?.toISOString() ?? null,
          isStopped: deployment.isStopped,
          isMixed: deployment.isMixed,
        }
      : null,
    behind: behind(situation, application, environment, release?.sequence ?? 0),
    inFlight: unsettled
      ? {
          promotionId: unsettled.id,
          state: unsettled.state as InFlight['state'],
          kind: unsettled.kind,
          release: application.releases.get(unsettled.releaseId)?.name ?? '',
          ...unsettled.steps,
        }
      : null,
    isBlocked: isBlocked(situation, application, environment),
    pendingConfigRevision: deployment && newest && newest.number > deployment.configRevision ? newest.number : null,
    hold: holdNote(application, environment),
  }
}

/** The standing hold of a place, as pages say it. */
export function holdNote(application: ApplicationFacts, environment: Pick<EnvironmentFacts, 'id'>): HoldNote | null {
  const hold = application.holds.get(environment.id)
  return hold ? { id: hold.id, reason: hold.reason, setAt: hold.createdAt.toISOString() } : null
}

/** Sequence numbers of an application's releases are dense and begin at 1, so a difference is a count; 0 stands for nothing. */
function behind(situation: Situation, application: ApplicationFacts, environment: EnvironmentFacts, running: number): number {
  const upstream = upstreamOf(situation, environment)
  const ahead = upstream.map(({ id }) => {
    const deployment = application.deployments.get(id)
    return (deployment && application.releases.get(deployment.releaseId)?.sequence) ?? 0
  })
  const newest = upstream.length === 0 ? application.newestSequence : Math.max(...ahead)
  return Math.max(0, newest - running)
}

function isBlocked(situation: Situation, application: ApplicationFacts, environment: EnvironmentFacts): boolean {
  const unsettled = application.unsettled.get(environment.id)
  if (!unsettled || unsettled.state === 'rolling_out') return false
  const release = application.releases.get(unsettled.releaseId)
  if (!release) return false
  return gatesNow(situation, application, environment, release, unsettled.kind).some((gate) => blocks(gate) && !waits(gate))
}

function boardLock(situation: Situation, application: ApplicationFacts, from: EnvironmentFacts, to: EnvironmentFacts): BoardLock {
  const source = application.deployments.get(from.id)
  const release = source && application.releases.get(source.releaseId)
  const target = application.deployments.get(to.id)
  const lock = (state: BoardLock['state'], count: number, reason: string) => ({
    from: from.slug,
    to: to.slug,
    release: release?.name ?? '',
    state,
    count,
    reason,
  })
  if (!source || !release) return lock('none', 0, `Nothing runs in ${from.slug} yet.`)
  if (target?.releaseId === release.id) return lock('equal', 0, `${to.slug} runs ${release.name} as well.`)
  const targetRelease = target && application.releases.get(target.releaseId)
  if (targetRelease && targetRelease.sequence > release.sequence) return lock('none', 0, `${to.slug} runs the newer ${targetRelease.name}.`)
  const gates = gatesNow(situation, application, to, release, 'promote')
  const shut = gates.filter((gate) => blocks(gate) && !waits(gate))
  if (shut.length > 0) return lock('shut', shut.length, shut.map(({ reason }) => reason).join(' '))
  const awaited = gates.filter(waits)
  const isAsked = application.unsettled.get(to.id)?.releaseId === release.id
  // Approvals are asked for by the request itself: before it there is nothing that anybody could approve.
  const open = isAsked ? awaited : awaited.filter(({ gate }) => gate !== 'approvals')
  if (open.length > 0) return lock('waiting', open.length, open.map(({ reason }) => reason).join(' '))
  const later = awaited.find(({ gate }) => gate === 'approvals')
  return lock('open', 0, later ? `${release.name} can be asked for; then it waits for approval.` : `${release.name} can be promoted to ${to.slug}.`)
}

/** The gates of bringing a release here now; those of the waiting request with its decisions when it is for this very release. */
export function gatesNow(
  situation: Situation,
  application: ApplicationFacts,
  environment: EnvironmentFacts,
  release: ReleaseFacts,
  kind: PromotionKind,
): GateResult[] {
  const waiting = application.unsettled.get(environment.id)
  const isIt = waiting?.releaseId === release.id && waiting.kind === kind
  const asked: Asked = isIt ? { requestedBy: waiting.requestedBy, decisions: waiting.approvals } : nobodyYet
  const counted = isIt ? waiting.approvals.filter(({ planDigest, decision }) => planDigest === waiting.planDigest && decision === 'approved') : []
  const revision = application.revisions.get(environment.id)
  if (!revision) return []
  return judge(situation, { application, environment }, { kind, release, revision }, asked, counted)
}

function upstreamOf(situation: Situation, environment: EnvironmentFacts): EnvironmentFacts[] {
  return situation.environments.filter(({ id }) => environment.upstreamIds.includes(id))
}
