import { z } from 'zod'
import { roles } from '#lib/access/permissions'
import { allowed, refused, type Verdict } from '#lib/platform/refusal'

export const rolesSchema = z
  .array(z.enum(roles))
  .min(1, 'names no role')
  .max(roles.length)
  .transform((list) => roles.filter((role) => list.includes(role)))

export const oneMember = z.strictObject({ member: z.string().max(64) })
export const changeMemberInput = z.strictObject({
  member: z.string().max(64),
  roles: rolesSchema,
  /** Slugs to which the roles are limited; empty for all. Absent: as before. */
  environments: z.array(z.string().max(63)).max(100).optional(),
})
export const joinTenantInput = z.strictObject({
  slug: z.string().max(63),
  roles: rolesSchema,
  reason: z.string().trim().min(3, 'says why, in a few words').max(500),
})

export interface MemberView {
  /** The id of the person. */
  id: string
  name: string
  email: string
  roles: string[]
  environments: string[]
  joinedAt: string
  isDisabled: boolean
  isYou: boolean
  /** Whether the caller may change roles or remove, and why not. */
  change: Verdict
}

/** A tenant keeps somebody who can let others in. `otherAdmins` counts those who can, without the member in question. */
export function mayLoseAdmin(name: string, otherAdmins: number): Verdict {
  if (otherAdmins > 0) return allowed
  return refused('conflict', `${name} is the last tenant admin here.`, 'Make somebody else a tenant admin first.')
}
