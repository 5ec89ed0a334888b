import { z } from 'zod'
import type { PersonView } from '#lib/promotions/promotion'
import { maxWaiverDays } from '#lib/promotions/waivable'
import { allowed, refused, type Verdict } from '#lib/platform/refusal'

export const grantWaiverInput = z.strictObject({
  application: z.string().min(1).max(100),
  environment: z.string().min(1).max(100),
  /** The name of one gate, or of one item of the checklist: `evidence:alert-wiring`. */
  gate: z.string().min(1).max(100),
  reason: z.string().trim().min(1).max(2000),
  endsAt: z.iso.datetime({ offset: true }),
})
export type GrantWaiverInput = z.input<typeof grantWaiverInput>

export const revokeWaiverInput = z.strictObject({ waiver: z.string().min(1).max(100) })
export const listWaiversInput = z.strictObject({
  application: z.string().max(100).optional(),
  environment: z.string().max(100).optional(),
  includePast: z.stringbool().default(false),
})

export interface WaiverView {
  id: string
  gate: string
  application: { slug: string; name: string }
  environment: { slug: string; name: string }
  reason: string
  grantedBy: PersonView
  grantedAt: string
  endsAt: string
  revokedBy: PersonView | null
  revokedAt: string | null
  state: 'standing' | 'ended' | 'revoked'
  mayRevoke: Verdict
}

export function waiverState(waiver: { endsAt: Date; revokedAt: Date | null }, now: Date): WaiverView['state'] {
  if (waiver.revokedAt) return 'revoked'
  return waiver.endsAt <= now ? 'ended' : 'standing'
}

/** Whether an end date is one that a waiver may have. */
export function mayEndAt(endsAt: Date, now: Date): Verdict {
  if (endsAt <= now) return refused('invalid_input', 'A waiver has to end in the future.', 'Choose a later end.')
  if (endsAt.getTime() - now.getTime() > maxWaiverDays * 86_400_000) {
    return refused(
      'invalid_input',
      `A waiver may last ${maxWaiverDays} days at most.`,
      'Choose an earlier end, or change the policy of the environment.',
    )
  }
  return allowed
}
