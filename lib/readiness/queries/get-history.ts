import { authorize } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { Refusal } from '#lib/platform/refusal'
import {
  mostReplicaChanges,
  uptimeOf,
  withoutStale,
  type HistoryInput,
  type HistoryInterval,
  type HistoryView,
  type PlaceHistory,
  type ReplicaChange,
} from '#lib/readiness/history'
import type { DeploymentState } from '#lib/readiness/readiness'

const dayMs = 24 * 3_600_000

interface Row {
  environmentId: string
  applicationId: string
  environment: string
  application: string
  replicaId: string
  component: string
  state: string
  reason: string
  ready: number
  wanted: number
  drift: string
  fromAt: Date
  untilAt: Date | null
  observedAt: Date | null
  staleAfterMs: number | null
}

/** What was observed in each place over time, oldest first, with the uptime of a day and of a week. One statement for all places. */
export async function getReadinessHistory(ctx: TenantContext, input: HistoryInput): Promise<HistoryView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    await demandScope(tx, input)
    const [clock] = await tx.$queryRaw<{ now: Date }[]>`select clock_timestamp() as now`
    const now = clock?.now ?? new Date()
    const rows = await tx.$queryRaw<Row[]>`
      select c.environment_id as "environmentId", c.application_id as "applicationId", e.slug as environment, a.slug as application, c.replica_id as "replicaId",
        c.component, c.state, c.reason, c.ready, c.wanted, c.drift, c.from_at as "fromAt", c.until_at as "untilAt",
        d.observed_at as "observedAt", d.stale_after_ms as "staleAfterMs"
      from readiness_change c join environment e on e.id = c.environment_id join application a on a.id = c.application_id
      left join deployment d on d.environment_id = c.environment_id and d.application_id = c.application_id
      where (${input.environment ?? ''} = '' or e.slug = ${input.environment ?? ''}) and (${input.application ?? ''} = '' or a.slug = ${input.application ?? ''})
        and (c.until_at is null or c.until_at > ${new Date(now.getTime() - 7 * dayMs)})
      order by e.rank, e.slug, a.slug, c.from_at, c.id`
    const places = [...Map.groupBy(rows, ({ environmentId, applicationId }) => `${environmentId} ${applicationId}`).values()]
    return {
      from: new Date(now.getTime() - input.days * dayMs).toISOString(),
      until: now.toISOString(),
      places: places.flatMap((own) => placeHistory(own, now.getTime(), input.days) ?? []),
    }
  })
}

async function demandScope(tx: Tx, { environment, application }: HistoryInput): Promise<void> {
  if (environment !== undefined && !(await tx.environment.findFirst({ where: { slug: environment }, select: { id: true } }))) {
    throw new Refusal('not_found', `There is no environment ${environment} that you can see.`)
  }
  if (application !== undefined && !(await tx.application.findFirst({ where: { slug: application }, select: { id: true } }))) {
    throw new Refusal('not_found', `There is no application ${application} that you can see.`)
  }
}

function placeHistory(rows: readonly Row[], nowMs: number, days: number): PlaceHistory | undefined {
  const [first] = rows
  if (!first) return undefined
  const observedAt = first.observedAt?.toISOString() ?? null
  const intervals = rows
    .filter(({ replicaId }) => replicaId === '')
    .flatMap((row) => withoutStale(intervalOf(row), observedAt, first.staleAfterMs ?? 0, nowMs))
  const isWithin = ({ until }: { until: string | null }) => until === null || Date.parse(until) > nowMs - days * dayMs
  const replicas = rows
    .filter(({ replicaId }) => replicaId !== '')
    .map(changeOf)
    .filter(isWithin)
    .toReversed()
  return {
    application: first.application,
    environment: first.environment,
    intervals: intervals.filter(isWithin),
    replicas: replicas.slice(0, mostReplicaChanges),
    isCut: replicas.length > mostReplicaChanges,
    lastDay: uptimeOf(intervals, nowMs - dayMs, nowMs),
    lastWeek: uptimeOf(intervals, nowMs - 7 * dayMs, nowMs),
  }
}

function intervalOf({ state, reason, ready, wanted, fromAt, untilAt }: Row): HistoryInterval {
  return { state: state as DeploymentState, reason, ready, wanted, from: fromAt.toISOString(), until: untilAt?.toISOString() ?? null }
}

function changeOf({ replicaId, component, state, reason, drift, fromAt, untilAt }: Row): ReplicaChange {
  return { replica: replicaId, component, state, reason, drift, from: fromAt.toISOString(), until: untilAt?.toISOString() ?? null }
}
