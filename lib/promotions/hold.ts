// A hold: nothing new comes to one application in one environment until a person lets it, by name.
import { z } from 'zod'
import type { PersonView } from '#lib/promotions/promotion'
import type { Verdict } from '#lib/platform/refusal'

const slug = z.string().min(1).max(100)
const reason = z.string().trim().min(1).max(2000)

export const setHoldInput = z.strictObject({ application: slug, environment: slug, reason })
export type SetHoldInput = z.input<typeof setHoldInput>

/** Whoever lifts it says why: it is what the next one reads who wonders. */
export const liftHoldInput = z.strictObject({ hold: z.string().min(1).max(100), reason })
export type LiftHoldInput = z.input<typeof liftHoldInput>

export const listHoldsInput = z.strictObject({
  application: slug.optional(),
  environment: slug.optional(),
  includePast: z.stringbool().default(false),
})

export interface HoldView {
  id: string
  application: { slug: string; name: string }
  environment: { slug: string; name: string }
  reason: string
  /** The rollback that it follows; null: set by hand. */
  promotionId: string | null
  setBy: PersonView
  setAt: string
  liftedBy: PersonView | null
  liftedAt: string | null
  liftReason: string
  state: 'standing' | 'lifted'
  mayLift: Verdict
}

/** What boards and sheets say of a standing hold. */
export interface HoldNote {
  id: string
  reason: string
  setAt: string
}
