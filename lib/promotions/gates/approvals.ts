import { notApplicable, passed, stopped, type Gate, type GateFacts } from '#lib/promotions/gates/gate-facts'
import { bringsNews } from '#lib/promotions/promotion-kind'

/** The name of the fact that says whose earlier approval a rollback stands on. */
export const approvedEarlierFact = 'approved here before by'

/** Passes with the policy's quorum of decisions on this very plan, four eyes kept; a rollback also with those of its release, where the policy says so. */
export const approvals: Gate = (facts) => {
  const { kind, approvals: counted, approvalRules: rules, tenant } = facts
  if (!bringsNews(kind) && kind !== 'rollback') return notApplicable('Operating what runs needs a role and no approval.')
  const given = counted.map(({ approverId, decidedAt }) => ({ name: 'approved by', value: approverId, at: decidedAt.toISOString() }))
  if (given.length >= rules.required) return passed(`${given.length} of ${rules.required} approvals of this plan.`, given)
  if (isApprovedEarlier(facts)) return passedEarlier(facts)
  const open = rules.required - given.length
  const who = open === 1 ? 'One more approver has' : `${open} more approvers have`
  return stopped(
    'pending',
    `${given.length} of ${rules.required} approvals of this plan.`,
    { words: `${who} to approve${rules.fourEyes ? '; nobody approves their own request' : ''}.`, href: `/t/${tenant.slug}/approvals` },
    given,
  )
}

function isApprovedEarlier({ kind, approvalRules: rules, approvedEarlier }: GateFacts): boolean {
  return kind === 'rollback' && rules.acceptsEarlier && approvedEarlier.length >= rules.required
}

function passedEarlier({ release, environment, approvedEarlier }: GateFacts) {
  const seen = approvedEarlier.map(({ approverId, decidedAt }) => ({ name: approvedEarlierFact, value: approverId, at: decidedAt.toISOString() }))
  return passed(`${release.name} was approved in ${environment.slug} before; the policy accepts that for a rollback.`, seen)
}
