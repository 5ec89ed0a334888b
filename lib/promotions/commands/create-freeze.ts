import { appendEntry } from '#lib/audit/commands/append-entry'
import { canonicalJson } from '#lib/platform/canonical-json'
import { actorId, type TenantContext } from '#lib/platform/context'
import { newId } from '#lib/platform/id'
import { announce } from '#lib/platform/live-event'
import { Refusal } from '#lib/platform/refusal'
import { closedTimeAt, type FreezeRule } from '#lib/promotions/closed-times'
import { createFreezeInput, type CreateFreezeInput, type FreezeView } from '#lib/promotions/freeze'
import { demandFreeze } from '#lib/promotions/internal/demand-freeze'
import { presentFreeze } from '#lib/promotions/queries/list-freezes'
import { findApplication } from '#lib/tenants/queries/find-application'
import { findEnvironment } from '#lib/tenants/queries/find-environment'

/** Closes promotion in a scope: now, from a time on, or at times of each week. Stopping the line names an incident. A rollback passes, flagged. */
export async function createFreeze(ctx: TenantContext, input: CreateFreezeInput): Promise<FreezeView> {
  const asked = createFreezeInput.parse(input)
  return ctx.write(async (tx) => {
    const environment = asked.environment === undefined ? null : await findEnvironment(tx, asked.environment)
    const application = asked.application === undefined ? null : await findApplication(tx, asked.application)
    await demandFreeze(tx, ctx, environment)
    const [clock] = await tx.$queryRaw<{ now: Date }[]>`select now() as now`
    const now = clock?.now ?? ctx.now()
    const startsAt = asked.startsAt === undefined || asked.kind === 'stop_the_line' ? now : new Date(asked.startsAt)
    const endsAt = asked.endsAt === undefined ? null : new Date(asked.endsAt)
    demandSense(asked, { startsAt, endsAt, weekly: asked.weekly ?? null }, now)
    const id = newId()
    const scope = `${asked.application ?? 'every application'} in ${asked.environment ?? 'every environment'}`
    await tx.freeze.create({
      data: {
        id,
        tenantId: ctx.tenant.id,
        kind: asked.kind,
        environmentId: environment?.id ?? null,
        applicationId: application?.id ?? null,
        reason: asked.reason,
        incident: asked.incident,
        startsAt,
        endsAt,
        weekly: asked.weekly ? canonicalJson(asked.weekly) : '',
        createdBy: actorId(ctx.actor),
      },
    })
    await appendEntry(tx, ctx, {
      action: asked.kind === 'stop_the_line' ? 'line.stopped' : 'freeze.created',
      subject: { kind: 'freeze', id, name: scope },
      after: {
        kind: asked.kind,
        scope,
        startsAt: startsAt.toISOString(),
        endsAt: endsAt?.toISOString() ?? null,
        incident: asked.incident,
        ...(asked.weekly ? { weekly: asked.weekly } : {}),
      },
      reason: asked.reason,
    })
    await announce(tx, ctx.tenant.id, 'board', id)
    return presentFreeze(tx, ctx, id)
  })
}

function demandSense(asked: { kind: string; incident: string }, rule: FreezeRule, now: Date): void {
  const { startsAt, endsAt, weekly } = rule
  if (asked.kind === 'stop_the_line' && asked.incident === '') {
    throw new Refusal('invalid_input', 'Stopping the line names the incident that it is for.', { fix: 'Send the incident.' })
  }
  if (endsAt && (endsAt <= startsAt || endsAt <= now)) {
    throw new Refusal('invalid_input', 'A freeze has to end after it starts, and in the future.', { fix: 'Choose a later end.' })
  }
  if (asked.kind === 'stop_the_line' && weekly) {
    throw new Refusal('invalid_input', 'A line is stopped until it is lifted, not each week.', { fix: 'Set a window for what comes back each week.' })
  }
  if (!closedTimeAt(rule, now)) {
    throw new Refusal('invalid_input', 'This window would never close anything.', { fix: 'Choose a later end, or other times of the week.' })
  }
}
