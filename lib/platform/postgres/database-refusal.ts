// What PostgreSQL or the way to it says when it does not work, as words for whoever wrote the address.
import { Refusal, type RefusalCode } from '#lib/platform/refusal'

export const oldestPostgres = 15

/** DATABASE_URL or DATABASE_OWNER_URL, whichever was used. */
export type UrlVariable = 'DATABASE_URL' | 'DATABASE_OWNER_URL'

const unreachable = ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOENT', 'EPIPE']
const untrusted = ['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_TLS_CERT_ALTNAME_INVALID']

/** The refusal for an error of the driver; undefined for one that is a fault of ours. The password is in none of the words. */
export function databaseRefusal(error: unknown, url: string, variable: UrlVariable = 'DATABASE_URL'): Refusal | undefined {
  const { place, user, name } = partsOf(url)
  const code = codeOf(error)
  const says = error instanceof Error ? error.message : ''
  const refuse = (kind: RefusalCode, words: string, fix: string): Refusal => new Refusal(kind, words, { fix, cause: error })
  if (unreachable.includes(code) || says === 'timeout expired' || says.startsWith('Connection terminated')) {
    return refuse(
      'unavailable',
      `No PostgreSQL answers at ${place}${code ? ` (${code})` : ''}.`,
      `Start it, or correct ${variable}; without DATABASE_URL, Caisson brings its own.`,
    )
  }
  if (code === '28P01' || code === '28000' || says.includes('must be a string')) {
    const why = code === '' ? 'it wants a password, and there is none' : says
    return refuse('unavailable', `PostgreSQL at ${place} does not let ${user} in: ${why}.`, `Correct the user and the password in ${variable}.`)
  }
  if (code === '3D000') {
    const fix = `Correct ${variable}, or make it: CREATE DATABASE ${quoted(name)} OWNER ${quoted(user)};`
    return refuse('unavailable', `PostgreSQL at ${place} has no database ${name}.`, fix)
  }
  if (code === '57P03' || code === '53300') {
    return refuse('unavailable', `PostgreSQL at ${place} takes no connection: ${says}.`, 'Wait until it does, or raise its max_connections.')
  }
  if (code === '42501') {
    // Since PostgreSQL 16, roles that another account of the server made are passed on by that account or a superuser alone.
    const isShared = says.includes('caisson_app') && says.includes('grant')
    const fix = isShared
      ? `Another Caisson uses this server. As its superuser: GRANT caisson_app, caisson_platform TO ${quoted(user)} WITH ADMIN OPTION;`
      : `Caisson needs no superuser: ALTER ROLE ${quoted(user)} CREATEROLE; ALTER DATABASE ${quoted(name)} OWNER TO ${quoted(user)}; or name an account that may in DATABASE_OWNER_URL.`
    return refuse('forbidden', `${user} may not set up the database ${name} at ${place}: ${says}.`, fix)
  }
  if (untrusted.includes(code) || says.includes('does not support SSL')) {
    return refuse(
      'unavailable',
      `PostgreSQL at ${place} and ${variable} do not agree on TLS: ${says}.`,
      `Set sslmode in ${variable} to what it offers.`,
    )
  }
  return undefined
}

/** @param version `server_version_num`: 150012 of 15.12 */
export function refuseOldServer(version: number, url: string): void {
  const major = Math.floor(version / 10_000)
  if (major >= oldestPostgres) return
  throw new Refusal('unsupported', `PostgreSQL at ${partsOf(url).place} is version ${major}, older than ${oldestPostgres}.`, {
    fix: `Use a server of version ${oldestPostgres} or newer; without DATABASE_URL, Caisson brings its own.`,
  })
}

/** An address with several faces fails as a group, and has the code of the first. */
function codeOf(error: unknown): string {
  const { code, errors, cause } = (error ?? {}) as { code?: unknown; errors?: unknown[]; cause?: unknown }
  if (typeof code === 'string') return code
  if (errors?.[0]) return codeOf(errors[0])
  return cause ? codeOf(cause) : ''
}

function partsOf(url: string): { place: string; user: string; name: string } {
  if (!URL.canParse(url)) return { place: 'that address', user: 'nobody', name: '' }
  const { hostname, port, username, pathname, searchParams } = new URL(url)
  const host = decodeURIComponent(hostname) || searchParams.get('host') || 'localhost'
  return { place: `${host}:${port || '5432'}`, user: decodeURIComponent(username) || 'nobody', name: decodeURIComponent(pathname.slice(1)) }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
