// The short-lived token of the token protocol (docs/decisions/0030). HS256 with a key of ours and nothing but that: what a
// token says about its own algorithm or key is never asked (S-04).
import { createSecretKey, type KeyObject } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import type { Identity, IssuedBy } from '#lib/access/identify'
import { newId } from '#lib/platform/id'
import { callerOf, type Caller } from '#lib/registry/caller'
import type { RequestedScope } from '#lib/registry/scope'

export const tokenLifetimeSeconds = 300
const audience = 'caisson-registry'
const type = 'caisson-registry+jwt'

export interface TokenIssuer {
  /** `<public address>/v2/token`. */
  issuer: string
  key: KeyObject
  /** Tokens whose signature was found good, the longest unused first: clients send the same one with each request. */
  verified: Map<string, { claims: TokenClaims; endsAtMs: number }>
}

const mostVerified = 1000
/** Longer ones are verified each time. */
const longestKept = 4096

export function tokenIssuer(publicUrl: string, secret: Uint8Array): TokenIssuer {
  return { issuer: `${publicUrl}/v2/token`, key: createSecretKey(secret), verified: new Map() }
}

const claimsSchema = z.looseObject({
  sub: z.string().min(1),
  exp: z.number(),
  iat: z.number(),
  by: z.strictObject({ kind: z.enum(['session', 'api-token']), id: z.string().min(1) }),
  asked: z.array(z.strictObject({ type: z.string(), name: z.string(), actions: z.array(z.enum(['pull', 'push', 'delete'])) })),
})

export interface TokenClaims {
  /** User id. */
  sub: string
  by: IssuedBy
  asked: RequestedScope[]
}

/** A token of five minutes that answers for these scopes, as long as the credential that it was asked with is a live one. */
export async function issueToken({ issuer, key }: TokenIssuer, identity: Identity, asked: readonly RequestedScope[]): Promise<string> {
  const actor = identity.actorIn(null)
  const by: IssuedBy = actor.kind === 'token' ? { kind: 'api-token', id: actor.tokenId } : { kind: 'session', id: actor.sessionId }
  return new SignJWT({ by, asked })
    .setProtectedHeader({ alg: 'HS256', typ: type })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(actor.id)
    .setJti(newId())
    .setIssuedAt()
    .setExpirationTime(`${tokenLifetimeSeconds}s`)
    .sign(key)
}

/** What a token of ours says; undefined for every other one, whatever is wrong with it. Whether its issuer still stands is asked apart. */
export async function readToken(by: TokenIssuer, token: string): Promise<TokenClaims | undefined> {
  const known = by.verified.get(token)
  by.verified.delete(token)
  const found = known && Date.now() < known.endsAtMs ? known : await verify(by, token)
  if (found && token.length <= longestKept) by.verified.set(token, found)
  const [longestUnused] = by.verified.size > mostVerified ? by.verified.keys() : []
  if (longestUnused !== undefined) by.verified.delete(longestUnused)
  return found?.claims
}

async function verify({ issuer, key }: TokenIssuer, token: string): Promise<{ claims: TokenClaims; endsAtMs: number } | undefined> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      issuer,
      audience,
      typ: type,
      maxTokenAge: tokenLifetimeSeconds,
      requiredClaims: ['exp', 'iat', 'sub', 'jti'],
    })
    const { sub, by, asked, exp, iat } = claimsSchema.parse(payload)
    return { claims: { sub, by, asked }, endsAtMs: Math.min(exp, iat + tokenLifetimeSeconds) * 1000 }
  } catch {
    return undefined
  }
}

/** The caller of a token, with the rights that they have now, and for nothing but what it was asked for. */
export function callerFor(identity: Identity, asked: readonly RequestedScope[]): Caller {
  return {
    ...callerOf(identity),
    asked: (name, action) => asked.some((scope) => scope.type === 'repository' && scope.name === name && scope.actions.includes(action)),
    askedForCatalog: asked.some((scope) => scope.type === 'registry' && scope.name === 'catalog'),
  }
}
