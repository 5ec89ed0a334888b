import { generatePassword } from '#lib/access/commands/reset-password'
import { normaliseEmail } from '#lib/access/normalise-email'
import { hashPassword } from '#lib/access/internal/password-hash'
import { mayBePassword } from '#lib/access/may-be-password'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { createContext, systemActor } from '#lib/platform/context'
import { newId } from '#lib/platform/id'
import { demand } from '#lib/platform/refusal'

export interface FirstAdmin {
  userId: string
  email: string
  /** Only there when this call generated it; it is nowhere else. */
  password?: string
}

/**
 * The first platform administrator, made once (S3.15): when there is one, nothing is changed, whatever the settings say now.
 * Two starts at once make one.
 */
export async function ensureFirstAdmin(input: { email: string; password?: string }): Promise<FirstAdmin> {
  const ctx = createContext({ actor: systemActor('init') })
  const existing = await ctx.read((tx) => tx.user.findFirst({ where: { isPlatformAdmin: true }, orderBy: { createdAt: 'asc' } }))
  if (existing) return { userId: existing.id, email: existing.email }
  const email = normaliseEmail(input.email)
  if (input.password !== undefined) demand(mayBePassword(input.password, email))
  const generated = input.password === undefined ? generatePassword() : undefined
  const passwordHash = await hashPassword(input.password ?? generated ?? '')
  return ctx.write(async (tx) => {
    await tx.$queryRaw`select pg_advisory_xact_lock(815003)::text` // the second of two starts waits here, and finds the admin
    const raced = await tx.user.findFirst({ where: { isPlatformAdmin: true }, orderBy: { createdAt: 'asc' } })
    if (raced) return { userId: raced.id, email: raced.email }
    const userId = newId()
    await tx.user.create({ data: { id: userId, email, name: 'Administrator', isPlatformAdmin: true }, select: { id: true } })
    await tx.credential.create({ data: { userId, passwordHash }, select: { userId: true } })
    await appendEntry(tx, ctx, { action: 'user.created', subject: { kind: 'user', id: userId, name: email }, after: { isPlatformAdmin: true } })
    return generated === undefined ? { userId, email } : { userId, email, password: generated }
  })
}
