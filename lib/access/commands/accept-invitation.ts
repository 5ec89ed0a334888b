import type { z } from 'zod'
import { databaseNow } from '#lib/access/internal/database-clock'
import { insertMember } from '#lib/access/internal/insert-member'
import { hashPassword } from '#lib/access/internal/password-hash'
import { invitationState, type acceptInvitationInput } from '#lib/access/invitation'
import { mayBePassword } from '#lib/access/may-be-password'
import type { Role } from '#lib/access/permissions'
import { findInvitation } from '#lib/access/queries/get-invitation'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { createContext, type Actor, type Context } from '#lib/platform/context'
import { isUniqueViolation, type Tx } from '#lib/platform/database'
import type { Invitation } from '#lib/platform/generated/client'
import { newId } from '#lib/platform/id'
import { announce } from '#lib/platform/live-event'
import { demand, Refusal } from '#lib/platform/refusal'

type Person = Extract<Actor, { kind: 'person' }>
type Input = z.output<typeof acceptInvitationInput>

/**
 * Lets the holder of a link in, once. Somebody new brings a name and a password and gets an account; the owner of an account must be
 * signed in to it. `gone` for a link that was used, revoked or ran out; `conflict` when the email has an account and nobody is signed in.
 */
export async function acceptInvitation(ctx: Context, input: Input): Promise<{ tenant: string; email: string }> {
  const platform = createContext({ actor: ctx.actor, requestId: ctx.requestId, now: ctx.now })
  const { invitation } = await platform.read(async (tx) => openInvitation(tx, input.token))
  const newcomer = ctx.actor.kind === 'person' ? undefined : await prepareNewcomer(platform, invitation, input)
  if (ctx.actor.kind === 'person' && ctx.actor.email !== invitation.email) {
    throw new Refusal('forbidden', `This invitation is to ${invitation.email}, and you are signed in as ${ctx.actor.email}.`, {
      fix: 'Sign out and open the link again, or ask for an invitation to your own address.',
    })
  }
  try {
    return await platform.write(async (tx) => {
      await tx.$queryRaw`select id from invitation where id = ${invitation.id} for update` // of two clicks at once, one is first
      const { tenant } = await openInvitation(tx, input.token)
      if (newcomer) await insertAccount(tx, newcomer)
      const actor = newcomer?.person ?? (ctx.actor as Person)
      const now = await databaseNow(tx)
      const inTenant = {
        ...platform,
        actor,
        tenant: { id: tenant.id, slug: tenant.slug, tier: tenant.tier, isSuspended: tenant.suspendedAt !== null },
      }
      await insertMember(tx, inTenant, { tenantId: tenant.id, userId: actor.id, roles: invitation.roles as Role[] })
      await tx.invitation.update({ where: { id: invitation.id }, data: { acceptedAt: now, acceptedBy: actor.id }, select: { id: true } })
      await appendEntry(tx, inTenant, {
        action: 'invitation.accepted',
        subject: { kind: 'invitation', id: invitation.id, name: invitation.email },
        after: { roles: invitation.roles, isNewAccount: newcomer !== undefined },
      })
      await announce(tx, tenant.id, 'settings', 'members')
      return { tenant: tenant.slug, email: actor.email }
    })
  } catch (error) {
    if (!isUniqueViolation(error, 'user_email_key')) throw error
    throw hasAccount(invitation.email, error)
  }
}

async function openInvitation(tx: Tx, token: string) {
  const found = await findInvitation(tx, token)
  const state = invitationState(found.invitation, await databaseNow(tx))
  if (state !== 'open') {
    const words = { accepted: 'was used already', revoked: 'was revoked', expired: 'ran out' }[state]
    throw new Refusal('gone', `This invitation ${words}.`, { fix: 'Ask for a new one.' })
  }
  return found
}

interface Newcomer {
  person: Person
  passwordHash: string
}

/** Hashing takes a while and happens outside the transaction; only a live link gets this far. */
async function prepareNewcomer(ctx: Context, invitation: Invitation, input: Input): Promise<Newcomer> {
  if (ctx.actor.kind !== 'anonymous') throw new Refusal('forbidden', 'A token cannot accept an invitation.', { fix: 'Sign in as a person.' })
  const account = await ctx.read((tx) => tx.user.findUnique({ where: { email: invitation.email }, select: { id: true } }))
  if (account) throw hasAccount(invitation.email)
  if (input.name === undefined || input.password === undefined) {
    throw new Refusal('invalid_input', 'Somebody new needs a name and a password.', { fix: 'Send both, or sign in first.' })
  }
  demand(mayBePassword(input.password, invitation.email))
  const person: Person = {
    kind: 'person',
    id: newId(),
    email: invitation.email,
    name: input.name,
    sessionId: '',
    authenticatedAt: ctx.now(),
    isPlatformAdmin: false,
    roles: invitation.roles,
    environmentIds: [],
  }
  return { person, passwordHash: await hashPassword(input.password) }
}

async function insertAccount(tx: Tx, { person, passwordHash }: Newcomer): Promise<void> {
  await tx.user.create({ data: { id: person.id, email: person.email, name: person.name }, select: { id: true } })
  await tx.credential.create({ data: { userId: person.id, passwordHash }, select: { userId: true } })
}

function hasAccount(email: string, cause?: unknown): Refusal {
  return new Refusal('conflict', `${email} has an account already.`, { fix: 'Sign in to it and open the link again.', cause })
}
