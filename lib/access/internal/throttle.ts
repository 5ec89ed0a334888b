import { createHmac } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { createContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { secretKey } from '#lib/platform/keys'
import { Refusal } from '#lib/platform/refusal'

const windowMinutes = 15
/** Failures within the window after which nothing is tried any more. An address may be a whole office behind one proxy. */
const limits = { account: 10, address: 200, step_up: 10 } as const

export type ThrottleScope = keyof typeof limits

/**
 * Counts an attempt before it is tried, so that attempts at once cannot slip under the limit, and refuses `rate_limited`
 * over it. The counters are rows: a restart does not forget them. They are 65,536 keyed buckets per scope, so that no flood
 * of names can grow the table or push out a counter (CVE-2024-21652), nor choose a bucket.
 */
export async function countAttempt(attempts: readonly { scope: ThrottleScope; name: string }[]): Promise<void> {
  const ctx = createContext({ actor: { kind: 'anonymous' } })
  const waits = await ctx.write(async (tx) => {
    const rows: number[] = []
    for (const { scope, name } of attempts) rows.push(await count(tx, scope, name))
    return rows
  })
  const wait = Math.max(0, ...waits)
  if (wait > 0) {
    throw new Refusal('rate_limited', 'Too many attempts to sign in failed.', {
      fix: `Try again in ${Math.ceil(wait / 60)} minutes.`,
      details: { retryAfterSeconds: wait },
    })
  }
}

/** After a success: the account starts anew, and the address gets its attempt back. */
export async function forgiveAttempt(tx: Tx, attempts: readonly { scope: ThrottleScope; name: string }[]): Promise<void> {
  for (const { scope, name } of attempts) {
    const key = bucket(scope, name)
    if (scope === 'address') await tx.$executeRaw`update sign_in_throttle set failures = greatest(failures - 1, 0) where key = ${key}`
    else await tx.$executeRaw`delete from sign_in_throttle where key = ${key}`
  }
}

/** The network of an address: an IPv4 address, or the /64 of an IPv6 one, which a single line owns whole. */
export function addressPrefix(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (!isIPv6(plain)) return plain
  const [head = '', tail] = plain.toLowerCase().split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const groups = tail === undefined ? left : [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}

/** Seconds to wait; 0 when the attempt may be made. */
async function count(tx: Tx, scope: ThrottleScope, name: string): Promise<number> {
  const [row] = await tx.$queryRaw<{ failures: number; wait: number }[]>`
    insert into sign_in_throttle as t (key, failures, window_start) values (${bucket(scope, name)}, 1, now())
    on conflict (key) do update set
      failures = case when t.window_start < now() - make_interval(mins => ${windowMinutes}::int) then 1 else least(t.failures + 1, 1000000) end,
      window_start = case when t.window_start < now() - make_interval(mins => ${windowMinutes}::int) then now() else t.window_start end
    returning failures, ceil(extract(epoch from window_start + make_interval(mins => ${windowMinutes}::int) - now()))::int as wait`
  return row && row.failures > limits[scope] ? Math.max(1, row.wait) : 0
}

function bucket(scope: ThrottleScope, name: string): string {
  return `${scope}:${createHmac('sha256', secretKey('throttle')).update(`${scope}:${name}`).digest('hex').slice(0, 4)}`
}
