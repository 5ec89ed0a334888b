import { z } from 'zod'
import { emailSchema } from '#lib/access/email'
import { rolesSchema } from '#lib/access/member'
import { passwordSchema } from '#lib/access/password'

export const invitationHours = 72

export const createInvitationInput = z.strictObject({ email: emailSchema, roles: rolesSchema })
export const oneInvitation = z.strictObject({ invitation: z.string().max(64) })
export const invitationToken = z.strictObject({ token: z.string().max(100) })
export const acceptInvitationInput = z.strictObject({
  token: z.string().max(100),
  /** For somebody new; a person who is signed in joins as who they are. */
  name: z.string().trim().min(1).max(80).optional(),
  password: passwordSchema.optional(),
})

export type InvitationState = 'open' | 'accepted' | 'revoked' | 'expired'

export interface InvitationView {
  id: string
  email: string
  roles: string[]
  state: InvitationState
  createdAt: string
  createdBy: string
  expiresAt: string
}

/** The link, shown once: there is no mail, the inviter hands it over. */
export interface CreatedInvitation extends InvitationView {
  token: string
  url: string
}

/** What the holder of a link sees before they accept. */
export interface InvitationPreview {
  tenant: { slug: string; name: string }
  email: string
  roles: string[]
  state: InvitationState
  expiresAt: string
  /** There is an account with this email: its owner signs in to join, and nobody else can. */
  hasAccount: boolean
}

export function invitationState(row: { acceptedAt: Date | null; revokedAt: Date | null; expiresAt: Date }, now: Date): InvitationState {
  if (row.acceptedAt) return 'accepted'
  if (row.revokedAt) return 'revoked'
  return row.expiresAt <= now ? 'expired' : 'open'
}
