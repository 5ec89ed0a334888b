import { z } from 'zod'
import type { PersonView } from '#lib/promotions/promotion'
import type { Verdict } from '#lib/platform/refusal'

export const createFreezeInput = z.strictObject({
  /** A window is planned; stop_the_line closes at once and names an incident. */
  kind: z.enum(['window', 'stop_the_line']).default('window'),
  /** Slugs; absent means every one. */
  environment: z.string().min(1).max(100).optional(),
  application: z.string().min(1).max(100).optional(),
  reason: z.string().trim().min(1).max(2000),
  incident: z.string().trim().max(200).default(''),
  /** Now, when absent. */
  startsAt: z.iso.datetime({ offset: true }).optional(),
  /** Until it is lifted, when absent. */
  endsAt: z.iso.datetime({ offset: true }).optional(),
})
export type CreateFreezeInput = z.input<typeof createFreezeInput>

export const liftFreezeInput = z.strictObject({ freeze: z.string().min(1).max(100) })
export const listFreezesInput = z.strictObject({ includePast: z.stringbool().default(false) })

export interface FreezeView {
  id: string
  kind: 'window' | 'stop_the_line'
  environment: { slug: string; name: string } | null
  application: { slug: string; name: string } | null
  reason: string
  incident: string
  startsAt: string
  endsAt: string | null
  createdBy: PersonView
  createdAt: string
  liftedBy: PersonView | null
  liftedAt: string | null
  state: 'planned' | 'closed' | 'ended' | 'lifted'
  mayLift: Verdict
}

export interface FreezeRow {
  startsAt: Date
  endsAt: Date | null
  liftedAt: Date | null
}

/** Where a freeze stands at a time (the database's). The start is inside the window, the end is not. */
export function freezeState(freeze: FreezeRow, now: Date): FreezeView['state'] {
  if (freeze.liftedAt) return 'lifted'
  if (freeze.startsAt > now) return 'planned'
  return freeze.endsAt && freeze.endsAt <= now ? 'ended' : 'closed'
}

export interface FreezeList {
  items: FreezeView[]
  /** Whether the caller may close anything at all; a scope may still refuse. */
  maySet: Verdict
}
