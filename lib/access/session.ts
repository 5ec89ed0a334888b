import { z } from 'zod'
import { passwordSchema } from '#lib/access/password'

/** A session ends when it was not used for this long, and after this many days however much it is used. */
export const sessionIdleHours = 12
export const sessionDays = 7

export const signInInput = z.strictObject({ email: z.string().max(300), password: passwordSchema })
export const reauthenticateInput = z.strictObject({ password: passwordSchema })
export const changePasswordInput = z.strictObject({ currentPassword: passwordSchema, newPassword: passwordSchema })
export const oneSession = z.strictObject({ session: z.string().max(64) })

/** After the password was typed again. */
export interface RenewedSession {
  authenticatedAt: Date
  /** The session under its new id, of a browser; what carries the old id is worth nothing from now on (S-35). */
  successor: { sessionId: string; expiresAt: Date } | undefined
}

export interface SessionView {
  id: string
  kind: 'browser' | 'command_line'
  isCurrent: boolean
  createdAt: string
  lastSeenAt: string
  authenticatedAt: string
  expiresAt: string
  userAgent: string
  address: string
}

/** Who one is, for pages and for `caisson whoami`. */
export interface MeView {
  kind: 'person' | 'token'
  id: string
  email: string
  name: string
  isPlatformAdmin: boolean
  /** '' for a token. */
  sessionId: string
  /** When the password was last typed; '' for a token. */
  authenticatedAt: string
  /** Of a token: what it may at most. */
  verbs: string[]
  tenants: { slug: string; name: string; tier: string; isSuspended: boolean; roles: string[] }[]
}
