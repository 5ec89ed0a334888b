import type { Actor } from '#lib/platform/actor'
import { allowed, demand, refused, type Verdict } from '#lib/platform/refusal'

/** Whether the person typed their password within the last `minutes`. Never true of a token. */
export function hasRecentlyAuthenticated(actor: Actor, now: Date, minutes = 5): Verdict {
  if (actor.kind !== 'person') return refused('forbidden', 'Only a person can do this, with their password.', 'Sign in as a person.')
  if (now.getTime() - actor.authenticatedAt.getTime() <= minutes * 60_000) return allowed
  return refused(
    'reauthentication_required',
    `This asks for a password that was typed within the last ${minutes} minutes.`,
    'Type your password again.',
  )
}

/** Throws the refusal of {@link hasRecentlyAuthenticated}: `reauthentication_required`. */
export function requireRecentAuthentication(ctx: { actor: Actor; now(): Date }, minutes = 5): void {
  demand(hasRecentlyAuthenticated(ctx.actor, ctx.now(), minutes))
}
