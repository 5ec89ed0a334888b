import { z } from 'zod'
import type { GateResult } from '#lib/promotions/gates'
import type { PromotionSummary } from '#lib/promotions/promotion'
import type { Verdict } from '#lib/platform/refusal'

export const inboxInput = z.strictObject({})

export interface InboxItem extends PromotionSummary {
  planDigest: string
  approvals: { given: number; required: number }
  /** What blocks it besides the approvals. */
  blockedBy: GateResult[]
  mayApprove: Verdict
  expiresAt: string
}

export interface InboxView {
  /** Waits for an approval that this person may give. */
  needsYou: InboxItem[]
  /** Waits, for somebody or something else. */
  waitingForOthers: InboxItem[]
  /** The last ones that this person decided on or asked for. */
  done: PromotionSummary[]
  count: number
}
