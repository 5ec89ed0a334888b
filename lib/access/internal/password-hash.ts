import { hash, verify } from '@node-rs/argon2'
import { Refusal } from '#lib/platform/refusal'

// OWASP Password Storage: argon2id, 19 MiB, two passes, one lane.
const options = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const maxAtOnce = 2
const maxWaiting = 64

// On globalThis, because Next bundles a copy of this module and the bound is one of the process.
const shared = globalThis as typeof globalThis & {
  __caissonHashing?: { running: number; waiting: (() => void)[] }
  __caissonDummyHash?: Promise<string>
}

/** PHC string of a password. */
export async function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password.normalize('NFC'), options))
}

/**
 * Whether the password is the one of `stored`. Without `stored` it takes the time of one that is wrong, so that an unknown
 * account cannot be told by the clock (CVE-2023-20902).
 */
export async function verifyPassword(stored: string | undefined, password: string): Promise<boolean> {
  shared.__caissonDummyHash ??= hash(crypto.randomUUID(), options)
  const against = stored ?? (await shared.__caissonDummyHash)
  const isRight = await inTurn(() => verify(against, password.normalize('NFC')))
  return isRight && stored !== undefined
}

/** At most two hashes at once in a process: 19 MiB and a core each. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turns = (shared.__caissonHashing ??= { running: 0, waiting: [] })
  if (turns.running >= maxAtOnce) {
    if (turns.waiting.length >= maxWaiting) {
      throw new Refusal('rate_limited', 'Too many people are signing in at this moment.', { fix: 'Try again in a few seconds.' })
    }
    await new Promise<void>((go) => turns.waiting.push(go)) // the one that ends hands its turn over
  } else turns.running += 1
  try {
    return await work()
  } finally {
    const next = turns.waiting.shift()
    if (next) next()
    else turns.running -= 1
  }
}
