import { findApiToken, findSession, type MembershipRow, type PersonRow, type SessionKey, type TokenRow } from '#lib/access/internal/identity-rows'
import { hashOfSecretToken } from '#lib/access/secret-token'
import { openSessionCookie, sessionCookie } from '#lib/access/commands/session-cookie'
import type { Actor, TenantRef } from '#lib/platform/actor'

/** Who a request is from, read from the rows each time: a revoked session is nobody at once. */
export interface Identity {
  via: 'cookie' | 'session-token' | 'api-token'
  /** The log that refusals outside any tenant of theirs go to: the tenant of a token; null (the platform's) for a person. */
  homeTenant: TenantRef | null
  /** The tenant with this slug, when they are a member of it (or the token is its). */
  tenant(slug: string): TenantRef | undefined
  tenants(): { tenant: TenantRef; name: string; roles: readonly string[] }[]
  /** The actor with the roles that they have in this tenant; without roles for null. */
  actorIn(tenant: TenantRef | null): Exclude<Actor, { kind: 'anonymous' | 'system' }>
}

/** A header that authorizes decides alone: a wrong one is nobody, whatever cookie comes with it. */
export async function identify(headers: Headers): Promise<Identity | null> {
  const authorization = headers.get('authorization')
  if (authorization !== null) {
    const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
    return token === undefined ? null : identifyBearer(token)
  }
  return identifyCookie(headers.get('cookie') ?? '')
}

/** Who a session token (`cst_…`) or an API token (`cat_…`) is; null for anything else. */
export async function identifyBearer(token: string): Promise<Identity | null> {
  const sessionHash = hashOfSecretToken('cst', token)
  if (sessionHash !== undefined) return identifySession({ tokenHash: sessionHash }, 'session-token')
  const tokenHash = hashOfSecretToken('cat', token)
  if (tokenHash === undefined) return null
  const row = await findApiToken({ tokenHash })
  return row ? tokenIdentity(row) : null
}

/** What a short-lived token of ours was made from. */
export type IssuedBy = { kind: 'session' | 'api-token'; id: string }

/** Who that session or API token is now; null when it was revoked, ran out, or its owner is nobody any more. */
export async function identifyIssuer({ kind, id }: IssuedBy): Promise<Identity | null> {
  if (kind === 'session') return identifySession({ issuedBy: id }, 'session-token')
  const row = await findApiToken({ issuedBy: id })
  return row ? tokenIdentity(row) : null
}

async function identifyCookie(header: string): Promise<Identity | null> {
  for (const value of sessionCookies(header)) {
    const sessionId = await openSessionCookie(value)
    const identity = sessionId === undefined ? null : await identifySession({ sessionId }, 'cookie')
    if (identity) return identity
  }
  return null
}

function sessionCookies(header: string): string[] {
  const { name } = sessionCookie()
  const pairs = header.split(';').map((pair) => pair.trim().split(/=(.*)/s))
  return pairs.flatMap(([key, value]) => (key === name ? [value ?? ''] : [])).slice(0, 4)
}

async function identifySession(by: SessionKey, via: 'cookie' | 'session-token'): Promise<Identity | null> {
  const person = await findSession(by)
  return person ? personIdentity(person, via) : null
}

function personIdentity(person: PersonRow, via: 'cookie' | 'session-token'): Identity {
  const { memberships } = person
  const membershipOf = (tenant: TenantRef | null) => memberships.find(({ tenant_id: id }) => id === tenant?.id)
  return {
    via,
    homeTenant: null,
    tenant: (slug) => memberships.filter((row) => row.slug === slug).map(tenantRef)[0],
    tenants: () => memberships.map((row) => ({ tenant: tenantRef(row), name: row.tenant_name, roles: row.roles })),
    actorIn: (tenant) => ({
      kind: 'person',
      id: person.id,
      email: person.email,
      name: person.name,
      sessionId: person.session_id,
      authenticatedAt: person.authenticated_at,
      isPlatformAdmin: person.is_platform_admin,
      roles: membershipOf(tenant)?.roles ?? [],
      environmentIds: membershipOf(tenant)?.environment_ids ?? [],
    }),
  }
}

/** What a token may is its verbs and, at the same time, what its creator may now: both are asked at each act. */
function tokenIdentity(row: TokenRow): Identity {
  const home = tenantRef(row)
  return {
    via: 'api-token',
    homeTenant: home,
    tenant: (slug) => (slug === home.slug ? home : undefined),
    tenants: () => [{ tenant: home, name: row.tenant_name, roles: row.roles }],
    actorIn: (tenant) => ({
      kind: 'token',
      id: row.id,
      tokenId: row.token_id,
      email: row.email,
      name: row.token_name,
      roles: tenant?.id === home.id ? row.roles : [],
      environmentIds: tenant?.id === home.id ? row.environment_ids : [],
      verbs: row.verbs,
    }),
  }
}

function tenantRef(row: MembershipRow): TenantRef {
  return { id: row.tenant_id, slug: row.slug, tier: row.tier, isSuspended: row.is_suspended }
}
