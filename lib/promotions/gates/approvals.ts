import { notApplicable, passed, stopped, type Gate } from '#lib/promotions/gates/gate-facts'
import { bringsNews } from '#lib/promotions/promotion-kind'

/** Passes with the policy's quorum of decisions on this very plan, four eyes kept. */
export const approvals: Gate = ({ kind, approvals: counted, approvalRules: rules, tenant }) => {
  if (!bringsNews(kind) && kind !== 'rollback') return notApplicable('Operating what runs needs a role and no approval.')
  const given = counted.map(({ approverId, decidedAt }) => ({ name: 'approved by', value: approverId, at: decidedAt.toISOString() }))
  if (given.length >= rules.required) return passed(`${given.length} of ${rules.required} approvals of this plan.`, given)
  const open = rules.required - given.length
  const who = open === 1 ? 'One more approver has' : `${open} more approvers have`
  return stopped(
    'pending',
    `${given.length} of ${rules.required} approvals of this plan.`,
    { words: `${who} to approve${rules.fourEyes ? '; nobody approves their own request' : ''}.`, href: `/t/${tenant.slug}/approvals` },
    given,
  )
}
