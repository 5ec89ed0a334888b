import { may } from '#lib/access/authorize'
import type { Actor } from '#lib/platform/actor'
import { allowed, refused, type Verdict } from '#lib/platform/refusal'
import { approvalRules, mayDecide, type ApprovalRules } from '#lib/promotions/approval'
import { uploadersOf } from '#lib/promotions/assess'
import { mayPromotion } from '#lib/promotions/promotion-state'
import type { Place } from '#lib/promotions/resolve-request'
import type { ReleaseFacts, UnsettledFacts } from '#lib/promotions/situation'

/** Whether somebody may approve a waiting promotion: state, role, four eyes, once. The password is asked when they do. */
export function mayApprove(actor: Actor, waiting: { place: Place; promotion: UnsettledFacts; release: ReleaseFacts }, planDigest: string): Verdict {
  const { place, promotion, release } = waiting
  const rules = approvalRules(place.environment.policy.document)
  const id = actor.kind === 'person' ? actor.id : ''
  const given = promotion.approvals.some((one) => one.approverId === id && one.planDigest === planDigest)
  const verdicts = [
    mayPromotion('approve', promotion),
    may(actor, 'promotion.approve', { environment: place.environment }),
    mayDecide(id, { requestedBy: promotion.requestedBy, uploadedBy: uploadersOf(release) }, rules),
    hasApproverRole(actor, rules, place.environment.slug),
    given ? refused('conflict', 'You have approved this plan already.', 'Ask another approver.') : allowed,
  ]
  return verdicts.find((verdict) => !verdict.allowed) ?? allowed
}

/** The policy of the environment may ask for a narrower circle than the table of permissions. */
export function hasApproverRole(actor: Actor, rules: Pick<ApprovalRules, 'roles'>, environment: string): Verdict {
  if (actor.kind === 'person' && actor.roles.some((role) => rules.roles.includes(role))) return allowed
  const names = rules.roles.map((role) => role.replaceAll('_', ' ')).join(' or ')
  return refused('forbidden', `The policy of ${environment} asks for the decision of: ${names}.`, `Ask one of: ${names}.`)
}
