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

export async function identify(_headers: Headers): Promise<Identity | null> {
  return null
}
