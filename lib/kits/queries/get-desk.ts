import { actionWords } from '#lib/audit/action-words'
import { authorize, may } from '#lib/access/authorize'
import { getLogStatus } from '#lib/audit/queries/get-log-status'
import type { LogStatus } from '#lib/audit/finding'
import {
  byGravity,
  deskInput,
  longestPeriodDays,
  mostChanges,
  type ChangeView,
  type DeskException,
  type DeskInput,
  type DeskView,
} from '#lib/kits/desk'
import { fewApprovers } from '#lib/kits/exceptions'
import { loadChanges } from '#lib/kits/queries/load-changes'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { Refusal } from '#lib/platform/refusal'
import { peopleNames } from '#lib/releases/queries/people-names'
import { findApplication } from '#lib/tenants/queries/find-application'
import { findEnvironment } from '#lib/tenants/queries/find-environment'

const dayMs = 86_400_000
const mostDenials = 50

/** What reached the protected environments of the tenant in a period, exceptions first. */
export async function getDesk(ctx: TenantContext, input: DeskInput): Promise<DeskView> {
  authorize(ctx.actor, 'desk.use')
  const { only, page, pageSize, ...asked } = deskInput.parse(input)
  const status = await getLogStatus(ctx)
  return ctx.read(async (tx) => {
    const scope = await findScope(tx, ctx, asked)
    const found = await loadChanges(tx, ctx.tenant, scope)
    const changes = found.slice(0, mostChanges)
    const denied = await deniedIn(tx, ctx, scope)
    const exceptions = exceptionsIn(changes, status, denied, scope)
    const shown = only === 'exceptions' ? changes.filter((change) => change.exceptions.length > 0) : changes
    return {
      from: scope.from.toISOString(),
      to: scope.to.toISOString(),
      environments: scope.environments.map(({ slug, name, isProtected }) => ({ slug, name, isProtected })),
      counts: {
        changes: changes.length,
        withExceptions: changes.filter((change) => change.exceptions.length > 0).length,
        breaches: exceptions.filter(({ severity }) => severity === 'breach').length,
        rollbacks: changes.filter(({ kind }) => kind === 'rollback').length,
        notCompleted: changes.filter(({ state }) => state === 'failed' || state === 'errored').length,
        denied: denied.reduce((sum, { count }) => sum + count, 0),
      },
      exceptions,
      changes: shown.slice((page - 1) * pageSize, page * pageSize),
      total: shown.length,
      page,
      pageSize,
      isCut: found.length > mostChanges,
      may: { export: may(ctx.actor, 'audit.export') },
    }
  })
}

export interface DeskScope {
  from: Date
  to: Date
  environments: { id: string; slug: string; name: string; isProtected: boolean }[]
  environmentIds: string[]
  applicationId?: string
}

/** The period and place that a question means. Refuses a period that is too long, or ends before it begins. */
export async function findScope(
  tx: Tx,
  ctx: TenantContext,
  asked: { from?: string | undefined; to?: string | undefined; environment?: string | undefined; application?: string | undefined },
): Promise<DeskScope> {
  const to = asked.to === undefined ? ctx.now() : new Date(asked.to)
  const from = asked.from === undefined ? new Date(to.getTime() - 30 * dayMs) : new Date(asked.from)
  if (from >= to) throw new Refusal('invalid_input', 'The period ends before it begins.', { fix: 'Choose a later end, or an earlier beginning.' })
  if (to.getTime() - from.getTime() > longestPeriodDays * dayMs) {
    throw new Refusal('invalid_input', `A period is ${longestPeriodDays} days at most.`, { fix: 'Look at it in parts.' })
  }
  const environments = asked.environment === undefined ? await productionOf(tx) : [await findEnvironment(tx, asked.environment)]
  return {
    from,
    to,
    environments,
    environmentIds: environments.map(({ id }) => id),
    ...(asked.application === undefined ? {} : { applicationId: (await findApplication(tx, asked.application)).id }),
  }
}

/** The protected environments; where the tier has none, the last one is where production is. */
async function productionOf(tx: Tx): Promise<DeskScope['environments']> {
  const all = await tx.environment.findMany({ orderBy: { rank: 'asc' }, select: { id: true, slug: true, name: true, isProtected: true } })
  const isProtected = all.filter((environment) => environment.isProtected)
  return isProtected.length > 0 ? isProtected : all.slice(-1)
}

interface Denied {
  actor: string
  actorName: string
  action: string
  count: number
  at: Date
}

/** Attempts that were refused, by who and what; those that were counted instead of listed (`<action> <code>` with its times) count in full. */
async function deniedIn(tx: Tx, ctx: TenantContext, { from, to }: DeskScope): Promise<Denied[]> {
  const rows = await tx.$queryRaw<(Omit<Denied, 'count' | 'actorName'> & { count: bigint })[]>`
    with denied as (
      select actor, action, at, content::json->'after'->'refused' as counted from audit_entry
      where log = ${ctx.tenant.id} and outcome = 'denied' and at >= ${from}::timestamptz and at < ${to}::timestamptz),
    each as (
      select actor, action, at, 1::bigint as times from denied where action <> 'denials.counted'
      union all
      select d.actor, regexp_replace(c.key, ' [a-z_]+$', ''), d.at, c.value::bigint
      from denied d cross join lateral json_each_text(d.counted) c where d.action = 'denials.counted')
    select actor, action, max(at) as at, sum(times)::bigint as count from each group by actor, action order by count desc, at desc limit ${mostDenials}`
  const names = await peopleNames(
    tx,
    rows.map(({ actor }) => actor),
  )
  return rows.map((row) => ({ ...row, actorName: names.get(row.actor) ?? row.actor, count: Number(row.count) }))
}

function exceptionsIn(changes: readonly ChangeView[], status: LogStatus, denied: readonly Denied[], { to }: DeskScope): DeskException[] {
  const few = fewApprovers(
    changes.flatMap(({ approvals }) => approvals),
    to.toISOString(),
  )
  return [
    ...logExceptions(status, to.toISOString()),
    ...changes.flatMap(({ exceptions }) => exceptions),
    ...(few ? [few] : []),
    ...denied.map(({ actor, actorName, action, count, at }): DeskException => ({
      code: 'denied',
      severity: 'notice',
      words: `${actorName} was refused ${count === 1 ? 'once' : `${count} times`}: ${actionWords(action)}.`,
      denial: { actor, action },
      at: at.toISOString(),
      promotionId: null,
      subject: '',
    })),
  ].toSorted(byGravity)
}

/** What is wrong with the log that all of this rests on. */
export function logExceptions(status: LogStatus, at: string): DeskException[] {
  const about = { promotionId: null, subject: '' }
  const found: DeskException[] = status.findings.map(({ words }) => ({
    code: 'log_tampered',
    severity: 'breach',
    words,
    at: status.verification?.at ?? at,
    ...about,
  }))
  if (status.isSealingLate) {
    const words = `${status.unsealed} entries are not sealed yet, the oldest for ${Math.round(status.oldestUnsealedMs / 1000)} s.`
    found.push({ code: 'log_unsealed', severity: 'exception', words, at, ...about })
  }
  if (!status.verification && status.entries > 0) {
    found.push({ code: 'log_not_verified', severity: 'notice', words: 'The log was never verified in full.', at, ...about })
  }
  return found
}
