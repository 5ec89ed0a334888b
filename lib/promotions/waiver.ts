import { z } from 'zod'
import { currentTemplate, waivedControl, waiverName } from '#lib/evidence/controls'
import type { PersonView } from '#lib/promotions/promotion'
import { allowed, refused, type Verdict } from '#lib/platform/refusal'
import { gateNames } from '#lib/tenants/environment-policy'

/** The longest that an exception to a gate may last. */
export const maxWaiverDays = 30

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

/** Approvals are decisions and the tier is a contract; neither is a check that somebody may be excused from. */
const neverWaived: readonly string[] = ['approvals', 'tier']

export function mayWaive(gate: string): Verdict {
  if (waivedControl(gate)) return allowed
  if (gate.startsWith('evidence:')) {
    const items = currentTemplate.controls.filter(({ collection }) => collection !== 'signature').map(({ id }) => waiverName(id))
    return refused('invalid_input', `There is no item ${gate} that could be waived.`, `Name one of: ${items.join(', ')}.`)
  }
  if (!(gateNames as readonly string[]).includes(gate)) {
    return refused('invalid_input', `There is no gate ${gate}.`, `Name one of: ${gateNames.join(', ')}.`)
  }
  if (!neverWaived.includes(gate)) return allowed
  return refused('invalid_input', `The gate ${gate} cannot be waived.`, 'Get the approvals, or change the policy of the environment.')
}
