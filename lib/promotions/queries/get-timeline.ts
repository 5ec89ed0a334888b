import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { Prisma } from '#lib/platform/generated/client'
import { parsePlan } from '#lib/promotions/plan'
import { summarise } from '#lib/promotions/queries/list-promotions'
import { readWeekly } from '#lib/promotions/queries/load-freezes'
import { timelineInput, type TimelineEntry, type TimelineInput, type TimelinePage } from '#lib/promotions/timeline'
import type { TimelineKind } from '#lib/promotions/timeline-kind'
import { weeklyWords } from '#lib/promotions/weekly-words'
import { peopleNames } from '#lib/releases/queries/people-names'
import { findApplication } from '#lib/tenants/queries/find-application'
import { findEnvironment } from '#lib/tenants/queries/find-environment'

interface Event {
  /** `what:row` */
  id: string
  at: Date
  kind: TimelineKind
  applicationId: string | null
  by: string
  reason: string
  /** The number, the gate, the weekly text: what the words need beside it. */
  detail: string
}

/** Everything that changed an environment, newest first, a page at a time. What was refused or taken back changed nothing and is not here. */
export async function getTimeline(ctx: TenantContext, input: TimelineInput): Promise<TimelinePage> {
  authorize(ctx.actor, 'tenant.read')
  const asked = timelineInput.parse(input)
  return ctx.read(async (tx) => {
    const environment = await findEnvironment(tx, asked.environment)
    const application = asked.application === undefined ? null : await findApplication(tx, asked.application)
    const events = await loadEvents(tx, environment.id, application?.id ?? null, asked)
    const page = events.slice(0, asked.pageSize)
    const last = events.length > asked.pageSize ? page.at(-1) : undefined
    return {
      environment: { slug: environment.slug, name: environment.name, isProtected: environment.isProtected },
      items: await present(tx, page),
      next: last ? `${last.at.getTime()}_${last.id}` : null,
    }
  })
}

/** A column of a moment as ISO 8601 in UTC. */
function isoColumn(name: 'starts_at' | 'ends_at'): Prisma.Sql {
  return Prisma.sql`to_char(${Prisma.raw(name)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`
}

/** One more than a page, so that it is known whether another one follows. */
async function loadEvents(tx: Tx, environmentId: string, applicationId: string | null, asked: z.output<typeof timelineInput>): Promise<Event[]> {
  const [time = null, id = null] =
    asked.after === undefined ? [] : [new Date(Number(asked.after.split('_')[0])), asked.after.slice(asked.after.indexOf('_') + 1)]
  const from = asked.from === undefined ? null : new Date(asked.from)
  const until = asked.until === undefined ? null : new Date(asked.until)
  return tx.$queryRaw<Event[]>`
    with events as (
      select 'promotion:' || p.id as id, coalesce(p.settled_at, o.created_at) as at,
        case when p.kind in ('promote', 'deploy', 'rollback') then 'release' when p.kind = 'config' then 'config' else 'operation' end as kind,
        p.application_id, p.requested_by as by, p.reason, p.kind as detail
      from promotion p join rollout o on o.promotion_id = p.id where p.environment_id = ${environmentId}
      union all
      select 'config:' || id, created_at, 'config', application_id, created_by, note, number::text from config_revision where environment_id = ${environmentId}
      union all
      select case when fingerprint = '' then 'secret.removed:' else 'secret.set:' end || id, created_at, 'secret', application_id, created_by, '',
        name || ' version ' || number from secret_version where environment_id = ${environmentId}
      union all
      select case when kind = 'stop_the_line' then 'freeze.stopped:' when weekly = '' then 'freeze.set:' else 'freeze.weekly:' end || id,
        created_at, 'freeze', application_id, created_by, reason,
        case when kind = 'stop_the_line' then incident when weekly <> '' then weekly else ${isoColumn('starts_at')} || coalesce(' until ' || ${isoColumn('ends_at')}, ' until it is lifted') end
      from "freeze" where environment_id is null or environment_id = ${environmentId}
      union all
      select 'freeze.lifted:' || id, lifted_at, 'freeze', application_id, lifted_by, reason, '' from "freeze"
      where lifted_at is not null and (environment_id is null or environment_id = ${environmentId})
      union all
      select 'hold.set:' || id, created_at, 'hold', application_id, created_by, reason, '' from hold where environment_id = ${environmentId}
      union all
      select 'hold.lifted:' || id, lifted_at, 'hold', application_id, lifted_by, lift_reason, '' from hold
      where lifted_at is not null and environment_id = ${environmentId}
      union all
      select 'policy:' || id, created_at, 'policy', null, created_by, '', version::text from environment_policy where environment_id = ${environmentId}
      union all
      select 'waiver.granted:' || id, granted_at, 'waiver', application_id, granted_by, reason, gate from waiver where environment_id = ${environmentId}
      union all
      select 'waiver.revoked:' || id, revoked_at, 'waiver', application_id, revoked_by, '', gate from waiver
      where revoked_at is not null and environment_id = ${environmentId})
    select id, at, kind, application_id as "applicationId", by, reason, detail from events
    where (${applicationId}::text is null or application_id is null or application_id = ${applicationId})
      and (${asked.kind ?? null}::text is null or kind = ${asked.kind ?? null})
      and (${from}::timestamptz is null or at >= ${from}) and (${until}::timestamptz is null or at < ${until})
      and (${time}::timestamptz is null or (at, id) < (${time}, ${id}))
    order by at desc, id desc limit ${asked.pageSize + 1}`
}

async function present(tx: Tx, events: readonly Event[]): Promise<TimelineEntry[]> {
  const ids = events.flatMap(({ id }) => (id.startsWith('promotion:') ? [rowOf(id)] : []))
  const promotions = await loadPromotions(tx, ids)
  const applications = await tx.application.findMany({
    where: { id: { in: events.flatMap(({ applicationId }) => applicationId ?? []) } },
    select: { id: true, slug: true, name: true },
  })
  const people = await peopleNames(
    tx,
    events.map(({ by }) => by),
  )
  return events.map((event): TimelineEntry => {
    const application = applications.find(({ id }) => id === event.applicationId)
    const promotion = promotions.get(rowOf(event.id)) ?? null
    return {
      id: event.id,
      at: event.at.toISOString(),
      kind: event.kind,
      application: application ? { slug: application.slug, name: application.name } : null,
      words: wordsOf(event, promotion),
      by: { id: event.by, name: people.get(event.by) ?? event.by },
      reason: event.reason,
      promotion,
      configRevision: event.id.startsWith('config:') ? Number(event.detail) : null,
    }
  })
}

function rowOf(id: string): string {
  return id.slice(id.indexOf(':') + 1)
}

async function loadPromotions(tx: Tx, ids: string[]): Promise<Map<string, NonNullable<TimelineEntry['promotion']>>> {
  const rows = await tx.promotion.findMany({ where: { id: { in: ids } } })
  const approvals = await tx.approval.findMany({ where: { promotionId: { in: ids }, consumedAt: { not: null } }, orderBy: { decidedAt: 'asc' } })
  const people = await peopleNames(
    tx,
    approvals.map(({ approverId }) => approverId),
  )
  const summaries = await summarise(tx, rows)
  return new Map(
    summaries.map(({ id, kind, state, release, digest, outcome }, index) => {
      const plan = parsePlan(rows[index]?.plan ?? '')
      const approvedBy = approvals
        .filter(({ promotionId }) => promotionId === id)
        .map(({ approverId }) => ({ id: approverId, name: people.get(approverId) ?? approverId }))
      return [id, { id, kind, state, release, digest, configRevision: plan.config.revision, replicas: plan.replicas, approvedBy, outcome }]
    }),
  )
}

function wordsOf({ id, detail }: Event, promotion: TimelineEntry['promotion']): string {
  if (promotion) return promotionWords(promotion)
  const what = id.slice(0, id.indexOf(':'))
  switch (what) {
    case 'config':
      return `configuration r${detail} saved`
    case 'freeze.stopped':
      return detail === '' ? 'line stopped' : `line stopped for ${detail}`
    case 'freeze.weekly': {
      const weekly = readWeekly(detail)
      return weekly ? `closed each week: ${weeklyWords(weekly)}` : 'closed each week'
    }
    case 'freeze.set':
      return `closed from ${detail}`
    case 'freeze.lifted':
      return 'freeze lifted'
    case 'hold.set':
      return 'held'
    case 'hold.lifted':
      return 'hold lifted'
    case 'secret.set':
      return `secret ${detail} set`
    case 'secret.removed':
      return `secret ${detail} taken away`
    case 'policy':
      return `policy version ${detail} written`
    default:
      return `waiver of ${detail.replace(':', ': ').replaceAll('-', ' ')} ${what === 'waiver.granted' ? 'granted' : 'revoked'}`
  }
}

function promotionWords({ kind, release, configRevision, replicas }: NonNullable<TimelineEntry['promotion']>): string {
  switch (kind) {
    case 'rollback':
      return `rolled back to ${release}, configuration r${configRevision}`
    case 'config':
      return `configuration r${configRevision} applied`
    case 'scale':
      return `scaled to ${replicas}`
    case 'restart':
      return 'restarted'
    case 'stop':
      return 'stopped'
    case 'start':
      return 'started'
    default:
      return `${release} ${kind === 'promote' ? 'promoted' : 'deployed'}, configuration r${configRevision}`
  }
}
