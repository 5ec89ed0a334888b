import { normaliseEmail } from '#lib/access/normalise-email'
import { databaseNow, hoursAfter } from '#lib/access/internal/database-clock'
import { verifyPassword } from '#lib/access/internal/password-hash'
import { addressPrefix, countAttempt, forgiveAttempt, type ThrottleScope } from '#lib/access/internal/throttle'
import { newSecretToken } from '#lib/access/secret-token'
import { sessionDays } from '#lib/access/session'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { sha256Hex } from '#lib/platform/canonical-json'
import { createContext, type Actor, type Context } from '#lib/platform/context'
import { newId } from '#lib/platform/id'
import { isRefusal, Refusal } from '#lib/platform/refusal'

export interface SignInInput {
  email: string
  password: string
  userAgent: string
  /** Of the connection, as http saw it; '' when unknown. */
  address: string
  /** A bearer session for a command line gets a token, a browser's is known by its cookie. */
  kind: 'browser' | 'command_line'
}

export interface SignedIn {
  sessionId: string
  userId: string
  email: string
  name: string
  /** `cst_…`, shown once; only for a command line. */
  token: string | undefined
  expiresAt: Date
}

interface Account {
  id: string
  email: string
  name: string
  isPlatformAdmin: boolean
  passwordHash: string | undefined
}

/**
 * A new session for an email and its password. Every failure has the same words, takes the same time and is counted, whether
 * or not there is such an account (ASVS 6.3.8): `unauthenticated`; `rate_limited` after too many.
 */
export async function signIn(input: SignInInput, requestId = newId()): Promise<SignedIn> {
  const ctx = createContext({ actor: { kind: 'anonymous' }, requestId })
  const email = normaliseEmail(input.email)
  const attempts: { scope: ThrottleScope; name: string }[] = [{ scope: 'account', name: email }]
  if (input.address !== '') attempts.push({ scope: 'address', name: addressPrefix(input.address) })
  try {
    await countAttempt(attempts)
  } catch (error) {
    if (isRefusal(error)) await recordFailure(ctx, email, input, error.code)
    throw error
  }
  const account = await findAccount(ctx, email)
  if (!(await verifyPassword(account?.passwordHash, input.password)) || !account) {
    await recordFailure(ctx, email, input, 'wrong_credentials')
    throw new Refusal('unauthenticated', 'This email and password do not belong together.', { fix: 'Check both and try again.' })
  }
  return openSession(ctx, account, input, attempts)
}

async function findAccount(ctx: Context, email: string): Promise<Account | undefined> {
  const user = await ctx.read((tx) => tx.user.findUnique({ where: { email }, include: { credential: true } }))
  if (!user || user.disabledAt) return undefined
  const { id, name, isPlatformAdmin } = user
  return { id, email, name, isPlatformAdmin, passwordHash: user.credential?.passwordHash }
}

async function openSession(ctx: Context, account: Account, input: SignInInput, attempts: Parameters<typeof forgiveAttempt>[1]): Promise<SignedIn> {
  const secret = input.kind === 'command_line' ? newSecretToken('cst') : undefined
  return ctx.write(async (tx) => {
    const now = await databaseNow(tx)
    const session = { id: newId(), expiresAt: hoursAfter(now, sessionDays * 24) }
    await forgiveAttempt(tx, attempts)
    await tx.session.create({
      data: {
        ...session,
        userId: account.id,
        tokenHash: secret?.hash ?? null,
        userAgent: input.userAgent.slice(0, 300),
        address: input.address.slice(0, 64),
      },
      select: { id: true },
    })
    const actor: Actor = { ...account, kind: 'person', sessionId: session.id, authenticatedAt: now, roles: [], environmentIds: [] }
    await appendEntry(
      tx,
      { ...ctx, actor },
      {
        action: 'session.opened',
        subject: { kind: 'session', id: session.id },
        after: { kind: input.kind, address: addressPrefix(input.address), userAgent: input.userAgent.slice(0, 300) },
      },
    )
    return { sessionId: session.id, userId: account.id, email: account.email, name: account.name, token: secret?.token, expiresAt: session.expiresAt }
  })
}

/** The email only as its hash: people type passwords into the wrong field, and the log is for ever. */
async function recordFailure(ctx: Context, email: string, input: SignInInput, reason: string): Promise<void> {
  await ctx.write((tx) =>
    appendEntry(tx, ctx, {
      action: 'session.refused',
      subject: { kind: 'account', id: sha256Hex(email).slice(0, 16) },
      outcome: 'failed',
      after: { kind: input.kind, address: addressPrefix(input.address) },
      reason,
    }),
  )
}
