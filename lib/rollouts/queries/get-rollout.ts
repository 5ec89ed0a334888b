import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import type { Rollout, RolloutStep } from '#lib/platform/generated/client'
import { Refusal } from '#lib/platform/refusal'
import { parsePlan } from '#lib/promotions/plan'
import { requestParametersSchema } from '#lib/promotions/promotion'
import { recoveryTargetSeconds } from '#lib/promotions/rollback'
import { maxAttempts } from '#lib/rollouts/attempts'
import { readPhase, rolloutPhases, type RolloutPhase } from '#lib/rollouts/phases'
import { recoverySteps } from '#lib/rollouts/recovery-steps'
import type { PhaseView, RecoveryClock, rolloutInput, RolloutView, StepView } from '#lib/rollouts/rollout'
import type { VerificationCheck, VerificationResult } from '#lib/rollouts/verification'

/** The rollout of a promotion: phases with their times, steps, verification and clock. `not_found` before it was claimed. */
export async function getRollout(ctx: TenantContext, input: z.output<typeof rolloutInput>): Promise<RolloutView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const row = await tx.rollout.findUnique({ where: { promotionId: input.promotion }, include: { steps: { orderBy: { ordinal: 'asc' } } } })
    if (!row) throw new Refusal('not_found', `There is no rollout of promotion ${input.promotion} that you can see.`)
    const [clock] = await tx.$queryRaw<{ now: Date; isHeld: boolean }[]>`
      select now() as now, coalesce(lease_until > now(), false) as "isHeld" from rollout where id = ${row.id}`
    const now = clock?.now ?? ctx.now()
    const isWaiting = row.settledAt === null && !clock?.isHeld && row.resumeAt !== null && row.resumeAt > now
    const from = row.recoveryFrom ?? row.startedAt ?? row.createdAt
    const steps = row.steps.map(stepView)
    return {
      id: row.id,
      promotionId: row.promotionId,
      phase: row.phase,
      failedPhase: row.failedPhase,
      reason: row.reason,
      message: row.message,
      phases: phasesOf(row),
      steps,
      verification: row.verification as VerificationResult,
      checks: JSON.parse(row.checks) as VerificationCheck[],
      attempts: Math.min(row.attempts, maxAttempts),
      maxAttempts,
      resumeAt: isWaiting ? text(row.resumeAt) : null,
      cancelledAt: text(row.cancelledAt),
      recovery: await recoveryOf(tx, row, steps),
      clock: {
        createdAt: row.createdAt.toISOString(),
        startedAt: text(row.startedAt),
        appliedAt: text(row.appliedAt),
        settledAt: text(row.settledAt),
        elapsedMs: Math.max(0, (row.settledAt ?? now).getTime() - from.getTime()),
        now: now.toISOString(),
        targetMs: (row.recoveryTargetSeconds ?? recoveryTargetSeconds) * 1000,
      },
    }
  })
}

/** Its clock and its five steps; null for what is no rollback. */
async function recoveryOf(tx: Tx, row: Rollout, steps: readonly StepView[]): Promise<RecoveryClock | null> {
  if (row.recoveryFrom === null) return null
  const promotion = await tx.promotion.findUniqueOrThrow({
    where: { id: row.promotionId },
    select: { requestedAt: true, parameters: true, plan: true },
  })
  const plan = parsePlan(promotion.plan)
  const read = readPhase(row.phase)
  const facts = {
    requestedAt: promotion.requestedAt.toISOString(),
    startedAt: row.recoveryFrom.toISOString(),
    wasStopped: plan.baseline?.isStopped ?? false,
    release: plan.release.name,
    restore: requestParametersSchema.parse(JSON.parse(promotion.parameters)).restore,
    times: JSON.parse(row.phaseTimes) as Record<string, string>,
    phase: read.phase,
    failedPhase: row.failedPhase,
    isSettled: row.settledAt !== null,
    settledAt: text(row.settledAt),
    steps,
    verification: row.verification as VerificationResult,
  }
  return {
    startedAt: facts.startedAt,
    recoveryMs: row.recoveryMs,
    targetMs: (row.recoveryTargetSeconds ?? recoveryTargetSeconds) * 1000,
    steps: recoverySteps(facts),
  }
}

function stepView(step: RolloutStep): StepView {
  return {
    ordinal: step.ordinal,
    wave: step.wave,
    component: step.component,
    act: step.act as StepView['act'],
    replicaId: step.replicaId,
    digest: step.digest,
    state: step.state as StepView['state'],
    detail: step.detail,
    intentAt: text(step.intentAt),
    effectAt: text(step.effectAt),
    observedAt: text(step.observedAt),
  }
}

function phasesOf(row: Rollout): PhaseView[] {
  const times: Partial<Record<string, string>> = { created: row.createdAt.toISOString(), ...(JSON.parse(row.phaseTimes) as Record<string, string>) }
  const way: readonly RolloutPhase[] = rolloutPhases.filter((phase) => phase !== 'failed')
  const isFailed = row.phase === 'failed'
  const reached = way.findIndex((phase) => phase === (isFailed ? row.failedPhase : row.phase))
  const phases = way.map((name, index): PhaseView => ({
    name,
    at: times[name] ?? null,
    state: stateOf(index, reached, isFailed, row.settledAt !== null),
  }))
  return isFailed ? [...phases, { name: 'failed', at: times['failed'] ?? null, state: 'failed' }] : phases
}

function stateOf(index: number, reached: number, isFailed: boolean, isSettled: boolean): PhaseView['state'] {
  if (index < reached) return 'done'
  if (index > reached) return isFailed ? 'skipped' : 'pending'
  if (isFailed) return 'failed'
  return isSettled ? 'done' : 'current'
}

function text(at: Date | null): string | null {
  return at?.toISOString() ?? null
}
