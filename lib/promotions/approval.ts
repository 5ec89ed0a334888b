// Whose decision counts, for which plan, until when.
import { allowed, refused, type Verdict } from '#lib/platform/refusal'
import type { EnvironmentPolicyDocument } from '#lib/tenants/environment-policy'

export interface ApprovalRules {
  required: number
  /** Any of these decides. */
  roles: readonly string[]
  /** Hours that an approval, and a promotion that waits, stay good. */
  expiresAfterHours: number
  fourEyes: boolean
  /** Nobody approves a release that they uploaded. */
  excludesUploader: boolean
  /** How long ago an approver may have typed their password. */
  authenticatedWithinHours: number
  /** Of a rollback: approvals that its release had here before count as well. */
  acceptsEarlier: boolean
}

export function approvalRules({ approvals, rollback }: Pick<EnvironmentPolicyDocument, 'approvals' | 'rollback'>): ApprovalRules {
  return {
    required: approvals.count,
    roles: approvals.roles,
    expiresAfterHours: approvals.expiresHours,
    fourEyes: approvals.fourEyes,
    excludesUploader: approvals.forbidUploader,
    authenticatedWithinHours: 12,
    acceptsEarlier: rollback.acceptsEarlierApproval,
  }
}

interface Decision {
  approverId: string
  decision: string
  planDigest: string
  expiresAt: Date
}

interface Asked {
  planDigest: string
  requestedBy: string
  uploadedBy: readonly string[]
  now: Date
}

/** Why a decision does not count for the plan as it is now; '' when it does. */
export function whyNotCounted(decision: Decision, asked: Asked, rules: ApprovalRules): string {
  if (decision.decision !== 'approved') return 'It is a rejection.'
  if (decision.planDigest !== asked.planDigest) return 'The plan moved since.'
  if (decision.expiresAt <= asked.now) return 'It has expired.'
  const verdict = mayDecide(decision.approverId, asked, rules)
  return verdict.allowed ? '' : verdict.reason
}

/** The decisions that count: one for each person, on this plan, not expired, four eyes kept. */
export function countingApprovals<D extends Decision>(decisions: readonly D[], asked: Asked, rules: ApprovalRules): D[] {
  const seen = new Set<string>()
  return decisions.filter((decision) => {
    if (seen.has(decision.approverId) || whyNotCounted(decision, asked, rules) !== '') return false
    seen.add(decision.approverId)
    return true
  })
}

/** Four eyes: nobody decides on what they asked for, nor on what they uploaded where the policy says so. */
export function mayDecide(personId: string, asked: Pick<Asked, 'requestedBy' | 'uploadedBy'>, rules: ApprovalRules): Verdict {
  if (rules.fourEyes && personId === asked.requestedBy) {
    return refused('own_request', 'You requested this promotion, so you cannot decide on it.', 'Ask another approver, or cancel the request.')
  }
  if (rules.excludesUploader && asked.uploadedBy.includes(personId)) {
    return refused('own_request', 'You uploaded this release, and the policy asks for other eyes.', 'Ask another approver.')
  }
  return allowed
}
