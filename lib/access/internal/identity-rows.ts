import type { Tx } from '#lib/platform/database'
import { sessionIdleHours } from '#lib/access/session'

export interface PersonRow {
  session_id: string
  authenticated_at: Date
  is_stale: boolean
  id: string
  email: string
  name: string
  is_platform_admin: boolean
}

export interface MembershipRow {
  roles: string[]
  environment_ids: string[]
  tenant_id: string
  slug: string
  tenant_name: string
  tier: string
  is_suspended: boolean
}

export interface TokenRow extends MembershipRow {
  token_id: string
  token_name: string
  verbs: string[]
  is_stale: boolean
  id: string
  email: string
}

/** By the secret that a caller sent, or by the id inside a sealed thing of ours that was made from it. */
export type SessionKey = { sessionId: string } | { tokenHash: string } | { issuedBy: string }
export type TokenKey = { tokenHash: string } | { issuedBy: string }

/** The person of a live session: not revoked, not idle for too long, not past its end, of somebody who is not disabled. */
export async function findSession(tx: Tx, by: SessionKey): Promise<PersonRow | undefined> {
  const key = { sessionId: null, tokenHash: null, issuedBy: null, ...by }
  const [row] = await tx.$queryRaw<PersonRow[]>`
    select s.id as session_id, s.authenticated_at, s.last_seen_at < now() - interval '1 minute' as is_stale,
           u.id, u.email, u.name, u.is_platform_admin
    from session s join "user" u on u.id = s.user_id
    where ((s.id = ${key.sessionId}::text and s.token_hash is null) or s.token_hash = ${key.tokenHash}::text or s.id = ${key.issuedBy}::text)
      and s.revoked_at is null and s.expires_at > now() and s.last_seen_at > now() - make_interval(hours => ${sessionIdleHours}::int)
      and u.disabled_at is null`
  if (row?.is_stale) await tx.$executeRaw`update session set last_seen_at = now() where id = ${row.session_id} and revoked_at is null`
  return row
}

export async function findMemberships(tx: Tx, userId: string): Promise<MembershipRow[]> {
  return tx.$queryRaw<MembershipRow[]>`
    select m.roles, m.environment_ids, t.id as tenant_id, t.slug, t.name as tenant_name, t.tier, t.suspended_at is not null as is_suspended
    from membership m join tenant t on t.id = m.tenant_id
    where m.user_id = ${userId} and m.removed_at is null order by t.slug`
}

/** A live API token with the roles that its creator has now; none when they left the tenant or are disabled. */
export async function findApiToken(tx: Tx, by: TokenKey): Promise<TokenRow | undefined> {
  const key = { tokenHash: null, issuedBy: null, ...by }
  const [row] = await tx.$queryRaw<TokenRow[]>`
    select a.id as token_id, a.name as token_name, a.verbs, a.last_used_at is null or a.last_used_at < now() - interval '1 minute' as is_stale,
           u.id, u.email, m.roles, m.environment_ids, t.id as tenant_id, t.slug, t.name as tenant_name, t.tier,
           t.suspended_at is not null as is_suspended
    from api_token a
      join "user" u on u.id = a.user_id and u.disabled_at is null
      join tenant t on t.id = a.tenant_id
      join membership m on m.tenant_id = a.tenant_id and m.user_id = a.user_id and m.removed_at is null
    where (a.token_hash = ${key.tokenHash}::text or a.id = ${key.issuedBy}::text) and a.revoked_at is null and (a.expires_at is null or a.expires_at > now())`
  if (row?.is_stale) await tx.$executeRaw`update api_token set last_used_at = now() where id = ${row.token_id}`
  return row
}
