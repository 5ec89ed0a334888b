import { appendEntry } from '#lib/audit/commands/append-entry'
import type { Context } from '#lib/platform/context'
import { Refusal } from '#lib/platform/refusal'

export interface DenialInput {
  action: string
  subject: { kind: string; id: string; name?: string }
  refusal: Refusal
}

/** Writes one *denied* entry to the log of the actor, in a transaction of its own: the refused one left nothing. */
export async function recordDenial(ctx: Context, input: DenialInput): Promise<void> {
  try {
    await ctx.write((tx) =>
      appendEntry(tx, ctx, {
        action: input.action,
        subject: input.subject,
        outcome: 'denied',
        reason: `${input.refusal.code}: ${input.refusal.message}`,
      }),
    )
  } catch (cause) {
    throw new Refusal('unavailable', 'The audit log cannot be written, so nothing is answered.', { fix: 'Try again shortly.', cause })
  }
}
