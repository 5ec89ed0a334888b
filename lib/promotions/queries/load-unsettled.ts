import { Prisma } from '#lib/platform/generated/client'
import { reading, type Reading } from '#lib/platform/together'
import { unsettledStates } from '#lib/promotions/promotion-state'
import type { ApprovalFacts, UnsettledFacts } from '#lib/promotions/situation'

type UnsettledRow = Omit<UnsettledFacts, 'approvals'> & { applicationId: string }

const states = [...unsettledStates]

/** The promotions that wait or roll out, with how far the rollout is. */
export function unsettledRows(applicationIds: string[]): Reading<UnsettledRow> {
  return reading<UnsettledRow>(
    Prisma.sql`
      select p.id, p.application_id as "applicationId", p.environment_id as "environmentId", p.kind, p.state, p.release_id as "releaseId", p.plan,
        p.plan_digest as "planDigest", p.parameters, p.requested_by as "requestedBy", p.requested_at as "requestedAt",
        (select json_build_object('done', count(*) filter (where s.state in ('done', 'skipped')), 'total', count(*))
          from rollout o join rollout_step s on s.rollout_id = o.id where o.promotion_id = p.id) as steps
      from promotion p where p.application_id = any(${applicationIds}) and p.state = any(${states})`,
    'requestedAt',
  )
}

/** Their standing decisions. */
export function standingApprovals(applicationIds: string[]): Reading<ApprovalFacts> {
  return reading<ApprovalFacts>(
    Prisma.sql`
      select a.id, a.promotion_id as "promotionId", a.plan_digest as "planDigest", a.approver_id as "approverId", a.decision,
        a.decided_at as "decidedAt", a.expires_at as "expiresAt"
      from approval a join promotion p on p.id = a.promotion_id
      where p.application_id = any(${applicationIds}) and p.state = any(${states}) and a.voided_at is null order by a.decided_at`,
    'decidedAt',
    'expiresAt',
  )
}

export function unsettledOf(rows: readonly UnsettledRow[], approvals: readonly ApprovalFacts[]): (UnsettledFacts & { applicationId: string })[] {
  return rows.map((row) => ({ ...row, approvals: approvals.filter(({ promotionId }) => promotionId === row.id) }))
}
