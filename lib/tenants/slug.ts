import { z } from 'zod'
import { slugPattern, slugRule } from '#lib/tenants/slug-pattern'

/**
 * A name in addresses, repositories and command lines, which never changes. ASCII only, so that no letter of another script can pass
 * for one of ours, and a path component of the OCI Distribution specification.
 */
export const slugSchema = z.string().regex(slugPattern, slugRule)

/** First parts of addresses and names that a person could take for Caisson's own. */
const reserved = new Set(
  'admin administrator api app apps assets auth caisson default docs health help internal invitations invite library login logout me metrics new next null platform public ready registry root security settings sign-in signin sign-out signout static status support system t tenant tenants undefined user users v1 v2 www'.split(
    ' ',
  ),
)

export const tenantSlugSchema = slugSchema
  .max(40, 'is longer than 40 characters')
  .refine((slug) => !reserved.has(slug) && !slug.startsWith('xn--'), 'is a reserved word')

export const displayNameSchema = z.string().trim().min(1).max(80)
