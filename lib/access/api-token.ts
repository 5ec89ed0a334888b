import { z } from 'zod'
import { isVerb, tokenVerbsOf, type Verb } from '#lib/access/permissions'
import { allowed, refused, type Verdict } from '#lib/platform/refusal'

export const createTokenInput = z.strictObject({
  name: z.string().trim().min(1).max(80),
  verbs: z.array(z.string().max(60)).min(1, 'names no verb').max(60),
  /** Absent: until it is revoked. */
  expiresInDays: z.int().min(1).max(3660).optional(),
})
export const oneToken = z.strictObject({ token: z.string().max(64) })

export interface TokenView {
  id: string
  name: string
  verbs: string[]
  createdBy: { id: string; name: string }
  createdAt: string
  expiresAt: string
  lastUsedAt: string
  state: 'live' | 'expired' | 'revoked'
}

/** `secret` is shown once; its hash is all that is kept. */
export interface CreatedToken extends TokenView {
  secret: string
}

/** A token holds what its creator holds at most, and never a decision that is a person's: approve, sign, let others in. */
export function mayHoldVerbs(verbs: readonly string[], creatorRoles: readonly string[]): Verdict {
  const unknown = verbs.filter((verb) => !isVerb(verb))
  if (unknown.length > 0) return refused('invalid_input', `There is no verb ${unknown.join(', ')}.`, 'Choose from the permission table.')
  const offered = tokenVerbsOf(creatorRoles)
  const beyond = verbs.filter((verb) => !offered.includes(verb as Verb))
  if (beyond.length === 0) return allowed
  return refused('forbidden', `A token of yours cannot hold ${beyond.join(', ')}.`, `Choose from ${offered.join(', ')}.`)
}
