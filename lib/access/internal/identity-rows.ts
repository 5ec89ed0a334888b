import { batched } from '#lib/platform/batched'
import { askPlatform } from '#lib/platform/database'
import { sessionIdleHours } from '#lib/access/session'

export interface PersonRow {
  session_id: string
  authenticated_at: Date
  id: string
  email: string
  name: string
  is_platform_admin: boolean
  memberships: MembershipRow[]
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
  id: string
  email: string
}

/** By the secret that a caller sent, or by the id inside a sealed thing of ours that was made from it. */
export type SessionKey = { sessionId: string } | { tokenHash: string } | { issuedBy: string }
export type TokenKey = { tokenHash: string } | { issuedBy: string }

/** The person of a live session: not revoked, not idle for too long, not past its end, of somebody who is not disabled. */
export async function findSession(by: SessionKey): Promise<PersonRow | undefined> {
  const rows = 'tokenHash' in by ? await sessionsByHash(by.tokenHash) : await sessionsById('issuedBy' in by ? by.issuedBy : by.sessionId)
  const [first] = rows
  // What a cookie carries is the id of a browser's session; that of a command line is known by its secret.
  if (!first || ('sessionId' in by && !first.is_browser)) return undefined
  if (first.is_stale) await askPlatform('update session set last_seen_at = now() where id = $1 and revoked_at is null', [first.session_id])
  return { ...first, memberships: rows.filter((row): row is SessionRow & MembershipRow => row.tenant_id !== null) }
}

/** A live API token with the roles that its creator has now; none when they left the tenant or are disabled. */
export async function findApiToken(by: TokenKey): Promise<TokenRow | undefined> {
  const row = 'tokenHash' in by ? await tokenByHash(by.tokenHash) : await tokenById(by.issuedBy)
  if (row?.is_stale) await askPlatform('update api_token set last_used_at = now() where id = $1', [row.token_id])
  return row
}

type SessionRow = Omit<PersonRow, 'memberships'> & { is_browser: boolean; is_stale: boolean; tenant_id: string | null }

const sessions = (column: 'id' | 'token_hash') => `
  select s.${column} as key, s.id as session_id, s.authenticated_at, s.token_hash is null as is_browser,
         s.last_seen_at < now() - interval '1 minute' as is_stale, u.id, u.email, u.name, u.is_platform_admin,
         m.roles, m.environment_ids, t.id as tenant_id, t.slug, t.name as tenant_name, t.tier, t.suspended_at is not null as is_suspended
  from session s join "user" u on u.id = s.user_id
    left join (membership m join tenant t on t.id = m.tenant_id) on m.user_id = u.id and m.removed_at is null
  where s.${column} = any($1::text[]) and s.revoked_at is null and s.expires_at > now()
    and s.last_seen_at > now() - interval '${sessionIdleHours} hours' and u.disabled_at is null
  order by t.slug`

const apiTokens = (column: 'id' | 'token_hash') => `
  select a.${column} as key, a.id as token_id, a.name as token_name, a.verbs,
         a.last_used_at is null or a.last_used_at < now() - interval '1 minute' as is_stale,
         u.id, u.email, m.roles, m.environment_ids, t.id as tenant_id, t.slug, t.name as tenant_name, t.tier,
         t.suspended_at is not null as is_suspended
  from api_token a
    join "user" u on u.id = a.user_id and u.disabled_at is null
    join tenant t on t.id = a.tenant_id
    join membership m on m.tenant_id = a.tenant_id and m.user_id = a.user_id and m.removed_at is null
  where a.${column} = any($1::text[]) and a.revoked_at is null and (a.expires_at is null or a.expires_at > now())`

/** Everybody who asks at once is looked up at once; the rows themselves are read for each round anew. */
function lookUp<Row extends object>(statement: string): (key: string) => Promise<Row[]> {
  return batched(async (keys: string[]) => {
    const rows = await askPlatform<Row & { key: string }>(statement, [[...new Set(keys)]])
    return keys.map((key) => rows.filter((row) => row.key === key))
  })
}

const sessionsById = lookUp<SessionRow>(sessions('id'))
const sessionsByHash = lookUp<SessionRow>(sessions('token_hash'))
const tokensById = lookUp<TokenRow & { is_stale: boolean }>(apiTokens('id'))
const tokensByHash = lookUp<TokenRow & { is_stale: boolean }>(apiTokens('token_hash'))
const tokenById = async (id: string) => (await tokensById(id))[0]
const tokenByHash = async (hash: string) => (await tokensByHash(hash))[0]
