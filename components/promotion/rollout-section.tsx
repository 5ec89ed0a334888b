'use client'
import type { ReactNode } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { PhaseStepper } from '#components/promotion/phase-stepper'
import { RecoverySteps } from '#components/promotion/recovery-steps'
import { ReplicaLog } from '#components/promotion/replica-log'
import { RolloutClock } from '#components/promotion/rollout-clock'
import { RolloutFailure } from '#components/promotion/rollout-failure'
import { countReplicas, StepTable } from '#components/promotion/step-table'
import { VerificationList } from '#components/promotion/verification-list'
import { Button } from '#components/ui/button'
import { ProblemNotice } from '#components/ui/problem-notice'
import { Section } from '#components/ui/section'
import { SkeletonRows } from '#components/ui/skeleton'
import type { PromotionView } from '#lib/promotions/promotion'
import type { RolloutView, StepView } from '#lib/rollouts/rollout'

/** A rollout as it goes: clock, phases, waves of replicas, what was verified, and what a replica writes. */
export function RolloutSection({ tenant, promotion }: { tenant: string; promotion: PromotionView }): ReactNode {
  const rollout = useApi<RolloutView>(tenantKey(tenant, 'rollout', promotion.id), tenantPath(tenant, 'promotions', promotion.id, 'rollout'))
  if (rollout.error && !rollout.data) {
    return (
      <ProblemNotice
        problem={rollout.error}
        title="The rollout could not be loaded"
        action={<Button onClick={() => void rollout.refetch()}>Try again</Button>}
      />
    )
  }
  if (!rollout.data) return <SkeletonRows rows={4} label="Loading the rollout" />
  const view = rollout.data
  return (
    <>
      <Section title="Rollout" aside={view.attempts > 1 ? `attempt ${view.attempts} of ${view.maxAttempts}` : undefined} isBoxed>
        <div className="grid gap-4">
          <RolloutClock rollout={view} isRollback={promotion.kind === 'rollback'} askedAt={rollout.dataUpdatedAt} />
          {view.recovery && <RecoverySteps steps={view.recovery.steps} />}
          <PhaseStepper phases={view.phases} />
          <RolloutFailure rollout={view} promotion={promotion} />
        </div>
      </Section>
      <Section title="Waves and replicas" aside={stepWords(view.steps)}>
        <StepTable steps={view.steps} phase={view.phase} />
      </Section>
      <Section title="Verification" isBoxed>
        <VerificationList result={view.verification} checks={view.checks} />
      </Section>
      <ReplicaLog tenant={tenant} promotion={promotion} steps={view.steps} />
    </>
  )
}

/** "2 of 3 new replicas ready, 3 of 6 steps" */
function stepWords(steps: readonly StepView[]): string | undefined {
  const counted = countReplicas(steps)
  if (!counted) return undefined
  const settled = steps.filter(({ state }) => state === 'done' || state === 'skipped').length
  return `${counted.done} of ${counted.all} ${counted.label.toLowerCase()}, ${settled} of ${steps.length} steps`
}
