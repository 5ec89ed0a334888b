// Where a promotion stands, and what may happen to it there. The command refuses and the page explains by this table.
import { allowed, refused, type Verdict } from '#lib/platform/refusal'

export const promotionStates = [
  'requested',
  'approved',
  'rolling_out',
  'completed',
  'failed',
  'errored',
  'rejected',
  'cancelled',
  'expired',
  'superseded',
] as const
export type PromotionState = (typeof promotionStates)[number]

/** The states of the partial unique index `promotion_one_unsettled`. */
export const unsettledStates = ['requested', 'approved', 'rolling_out'] as const satisfies readonly PromotionState[]

const allowedFrom = {
  approve: ['requested'],
  reject: ['requested', 'approved'],
  cancel: ['requested', 'approved', 'rolling_out'],
  supersede: ['requested', 'approved'],
  claim: ['requested', 'approved'],
  expire: ['requested', 'approved'],
  settle: ['rolling_out'],
  retry: ['failed', 'errored'],
  askAgain: ['rejected', 'expired'],
  rollBack: ['completed', 'failed', 'errored'],
} as const satisfies Record<string, readonly PromotionState[]>

export type PromotionAct = keyof typeof allowedFrom

const past: Record<PromotionAct, string> = {
  approve: 'approved',
  reject: 'rejected',
  cancel: 'cancelled',
  supersede: 'superseded',
  claim: 'rolled out',
  expire: 'expired',
  settle: 'settled',
  retry: 'retried',
  askAgain: 'asked for again',
  rollBack: 'rolled back',
}

/** Whether the state of a promotion lets an act happen; who may do it is another question. */
export function mayPromotion(act: PromotionAct, promotion: { state: PromotionState }): Verdict {
  const states: readonly PromotionState[] = allowedFrom[act]
  if (states.includes(promotion.state)) return allowed
  return refused('conflict', `This promotion is ${stateWords[promotion.state]} and cannot be ${past[act]}.`, 'Open it to see what can be done now.')
}

export const stateWords: Record<PromotionState, string> = {
  requested: 'requested',
  approved: 'approved',
  rolling_out: 'rolling out',
  completed: 'completed',
  failed: 'failed',
  errored: 'errored',
  rejected: 'rejected',
  cancelled: 'cancelled',
  expired: 'expired',
  superseded: 'superseded',
}
