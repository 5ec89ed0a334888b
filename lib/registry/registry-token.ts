// The short-lived token of the token protocol (docs/decisions/0030). HS256 with a key of ours and nothing but that: what a
// token says about its own algorithm or key is never asked (S-04).
import { createSecretKey, type KeyObject } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import type { Identity } from '#lib/access/identify'
import { newId } from '#lib/platform/id'
import type { Caller, RegistryActor } from '#lib/registry/caller'
import type { RequestedScope } from '#lib/registry/scope'

export const tokenLifetimeSeconds = 300
const audience = 'caisson-registry'
const type = 'caisson-registry+jwt'

export interface TokenIssuer {
  /** `<public address>/v2/token`. */
  issuer: string
  key: KeyObject
}

export function tokenIssuer(publicUrl: string, secret: Uint8Array): TokenIssuer {
  return { issuer: `${publicUrl}/v2/token`, key: createSecretKey(secret) }
}

const tenantSchema = z.strictObject({ id: z.string(), slug: z.string(), tier: z.string(), isSuspended: z.boolean() })
const claimsSchema = z.looseObject({
  sub: z.string().min(1),
  actor: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('person'), email: z.string(), name: z.string(), sessionId: z.string() }),
    z.strictObject({ kind: z.literal('token'), email: z.string(), name: z.string(), tokenId: z.string(), verbs: z.array(z.string()) }),
  ]),
  home: tenantSchema.nullable(),
  /** Those of the tenants that the scopes name, and all for the catalog. */
  tenants: z.array(z.strictObject({ ...tenantSchema.shape, roles: z.array(z.string()) })),
  asked: z.array(z.strictObject({ type: z.string(), name: z.string(), actions: z.array(z.enum(['pull', 'push', 'delete'])) })),
})
type Claims = z.output<typeof claimsSchema>

/** A token that answers for these scopes, for five minutes: a revoked credential pulls no longer than that. */
export async function issueToken({ issuer, key }: TokenIssuer, identity: Identity, asked: readonly RequestedScope[]): Promise<string> {
  const actor = identity.actorIn(null)
  const slugs = new Set(asked.filter((scope) => scope.type === 'repository').map(({ name }) => name.split('/')[0]))
  const isCatalog = asked.some((scope) => scope.type === 'registry' && scope.name === 'catalog')
  const claims = {
    actor:
      actor.kind === 'token'
        ? { kind: actor.kind, email: actor.email, name: actor.name, tokenId: actor.tokenId, verbs: actor.verbs }
        : { kind: actor.kind, email: actor.email, name: actor.name, sessionId: actor.sessionId },
    home: identity.homeTenant,
    tenants: identity
      .tenants()
      .filter(({ tenant }) => isCatalog || slugs.has(tenant.slug))
      .map(({ tenant, roles }) => ({ ...tenant, roles })),
    asked,
  }
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: type })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(actor.id)
    .setJti(newId())
    .setIssuedAt()
    .setExpirationTime(`${tokenLifetimeSeconds}s`)
    .sign(key)
}

/** Who a token of ours is; undefined for every other one, whatever is wrong with it. */
export async function callerOfToken({ issuer, key }: TokenIssuer, token: string): Promise<Caller | undefined> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      issuer,
      audience,
      typ: type,
      maxTokenAge: tokenLifetimeSeconds,
      requiredClaims: ['exp', 'iat', 'sub', 'jti'],
    })
    return callerOfClaims(claimsSchema.parse(payload))
  } catch {
    return undefined
  }
}

function callerOfClaims({ sub, actor, home, tenants, asked }: Claims): Caller {
  const as = (roles: readonly string[]): RegistryActor =>
    actor.kind === 'token'
      ? { ...actor, id: sub, roles, environmentIds: [] }
      : { ...actor, id: sub, roles, environmentIds: [], authenticatedAt: new Date(0), isPlatformAdmin: false }
  return {
    homeTenant: home,
    actor: as([]),
    member: (slug) => {
      const found = tenants.find((tenant) => tenant.slug === slug)
      if (!found) return undefined
      const { roles, ...tenant } = found
      return { tenant, actor: as(roles) }
    },
    tenants: () => tenants.map(({ roles: _roles, ...tenant }) => tenant),
    asked: (name, action) => asked.some((scope) => scope.type === 'repository' && scope.name === name && scope.actions.includes(action)),
    askedForCatalog: asked.some((scope) => scope.type === 'registry' && scope.name === 'catalog'),
  }
}
