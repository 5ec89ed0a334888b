import type { RouteTable } from '#app/api/route-spec'
import { boardInput } from '#lib/promotions/board'
import { cellInput } from '#lib/promotions/cell'
import { createFreezeInput, liftFreezeInput, listFreezesInput, skipFreezeInput, withdrawSkipInput } from '#lib/promotions/freeze'
import { inboxInput } from '#lib/promotions/inbox'
import {
  approvePromotionInput,
  cancelPromotionInput,
  listPromotionsInput,
  onePromotionInput,
  rejectPromotionInput,
  repeatPromotionInput,
  requestPromotionInput,
} from '#lib/promotions/promotion'
import { historyInput } from '#lib/promotions/queries/list-history'
import { rollbackCandidatesInput } from '#lib/promotions/rollback'
import { sheetInput } from '#lib/promotions/sheet'
import { grantWaiverInput, listWaiversInput, revokeWaiverInput } from '#lib/promotions/waiver'

export const promotionRoutes = {
  'GET /api/v1/tenants/{tenant}/board': {
    permission: 'tenant.read',
    summary: 'Applications by environments: what runs, what is in flight, what may be lifted next',
    input: boardInput,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/board/{application}/{environment}': {
    permission: 'tenant.read',
    summary: 'One application in one environment: now, in flight, next, recent',
    input: cellInput,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/promotion-previews': {
    permission: 'tenant.read',
    summary: 'The promotion sheet: plan, lanes and gates of a request that nobody made yet; nothing is written',
    input: sheetInput,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/promotions': {
    permission: 'tenant.read',
    summary: 'Promotions, newest first',
    input: listPromotionsInput,
    status: 200,
  },
  // The verb depends on the kind, and the command asks for it: promotion.request, rollback.request, deployment.operate or overlay.edit.
  'POST /api/v1/tenants/{tenant}/promotions': {
    permission: 'signed_in',
    summary: 'Ask for a promotion of any kind: promote, deploy, rollback, config, restart, stop, start, scale',
    input: requestPromotionInput,
    status: 201,
  },
  'GET /api/v1/tenants/{tenant}/promotions/{promotion}': {
    permission: 'tenant.read',
    summary: 'One promotion: plan, gates, decisions, rollout, and what you may do',
    input: onePromotionInput,
    status: 200,
  },
  'POST /api/v1/tenants/{tenant}/promotions/{promotion}/approvals': {
    permission: 'promotion.approve',
    summary: 'Approve the plan with this digest',
    input: approvePromotionInput,
    status: 201,
  },
  'POST /api/v1/tenants/{tenant}/promotions/{promotion}/rejections': {
    permission: 'promotion.approve',
    summary: 'Reject a waiting promotion, with a reason',
    input: rejectPromotionInput,
    status: 201,
  },
  'POST /api/v1/tenants/{tenant}/promotions/{promotion}/cancellations': {
    permission: 'promotion.cancel',
    summary: 'Take a waiting promotion back, or stop one that rolls out after the running step',
    input: cancelPromotionInput,
    status: 201,
  },
  'POST /api/v1/tenants/{tenant}/promotions/{promotion}/retries': {
    permission: 'signed_in',
    summary: 'Ask again for what failed or errored, as a new promotion linked to it',
    input: repeatPromotionInput,
    status: 201,
  },
  'POST /api/v1/tenants/{tenant}/promotions/{promotion}/requests': {
    permission: 'signed_in',
    summary: 'Fix and ask again for what was rejected or expired, as a new promotion linked to it',
    input: repeatPromotionInput,
    status: 201,
  },
  'GET /api/v1/tenants/{tenant}/inbox': {
    permission: 'tenant.read',
    summary: 'Approvals: what needs you, what waits for others, what is done',
    input: inboxInput,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/inbox/count': {
    permission: 'tenant.read',
    summary: 'How many promotions wait for your approval',
    input: inboxInput,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/rollback-candidates': {
    permission: 'tenant.read',
    summary: 'Releases that an application can go back to in an environment, with the checks made before',
    input: rollbackCandidatesInput,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/environment-history': {
    permission: 'tenant.read',
    summary: 'Everything that was decided about an environment, newest first',
    input: historyInput,
    status: 200,
  },
  'GET /api/v1/tenants/{tenant}/waivers': { permission: 'tenant.read', summary: 'Exceptions to gates', input: listWaiversInput, status: 200 },
  'POST /api/v1/tenants/{tenant}/waivers': {
    permission: 'waiver.grant',
    summary: 'Grant a named, reasoned, expiring exception to one gate',
    input: grantWaiverInput,
    status: 201,
  },
  'POST /api/v1/tenants/{tenant}/waivers/{waiver}/revocations': {
    permission: 'waiver.grant',
    summary: 'End a waiver before its time',
    input: revokeWaiverInput,
    status: 201,
  },
  'GET /api/v1/tenants/{tenant}/freezes': { permission: 'tenant.read', summary: 'Planned and closed freezes', input: listFreezesInput, status: 200 },
  'POST /api/v1/tenants/{tenant}/freezes': {
    permission: 'freeze.set',
    summary: 'Close promotion in a scope, or stop the line for an incident',
    input: createFreezeInput,
    status: 201,
  },
  'POST /api/v1/tenants/{tenant}/freezes/{freeze}/lifts': {
    permission: 'freeze.set',
    summary: 'Open what a freeze closed',
    input: liftFreezeInput,
    status: 201,
  },
  'POST /api/v1/tenants/{tenant}/freezes/{freeze}/skips': {
    permission: 'freeze.set',
    summary: 'Leave one closed time of a weekly freeze open, this once',
    input: skipFreezeInput,
    status: 201,
  },
  'POST /api/v1/tenants/{tenant}/freezes/{freeze}/skips/withdrawals': {
    permission: 'freeze.set',
    summary: 'Close a time that was skipped after all',
    input: withdrawSkipInput,
    status: 201,
  },
} as const satisfies RouteTable
