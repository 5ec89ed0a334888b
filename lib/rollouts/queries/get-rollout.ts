import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import type { Rollout } from '#lib/platform/generated/client'
import { Refusal } from '#lib/platform/refusal'
import { recoveryTargetSeconds } from '#lib/promotions/rollback'
import { maxAttempts } from '#lib/rollouts/attempts'
import { rolloutPhases, type RolloutPhase } from '#lib/rollouts/phases'
import type { PhaseView, rolloutInput, RolloutView, StepView } from '#lib/rollouts/rollout'
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
    const from = row.startedAt ?? row.createdAt
    return {
      id: row.id,
      promotionId: row.promotionId,
      phase: row.phase,
      failedPhase: row.failedPhase,
      reason: row.reason,
      message: row.message,
      phases: phasesOf(row),
      steps: row.steps.map((step): StepView => ({
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
      })),
      verification: row.verification as VerificationResult,
      checks: JSON.parse(row.checks) as VerificationCheck[],
      attempts: Math.min(row.attempts, maxAttempts),
      maxAttempts,
      resumeAt: isWaiting ? text(row.resumeAt) : null,
      cancelledAt: text(row.cancelledAt),
      clock: {
        createdAt: row.createdAt.toISOString(),
        startedAt: text(row.startedAt),
        appliedAt: text(row.appliedAt),
        settledAt: text(row.settledAt),
        elapsedMs: Math.max(0, (row.settledAt ?? now).getTime() - from.getTime()),
        now: now.toISOString(),
        targetMs: recoveryTargetSeconds * 1000,
      },
    }
  })
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
