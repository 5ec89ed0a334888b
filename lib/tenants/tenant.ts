import { z } from 'zod'
import type { Verdict } from '#lib/platform/refusal'
import { displayNameSchema, tenantSlugSchema } from '#lib/tenants/slug'
import { tiers, type Tier } from '#lib/tenants/tier'

export const createTenantInput = z.strictObject({ slug: tenantSlugSchema, name: displayNameSchema, tier: z.enum(tiers) })
export const renameTenantInput = z.strictObject({ name: displayNameSchema })

const reason = z.string().trim().min(3, 'says why, in a few words').max(500)
/** `slug` and not `tenant`: a platform admin need be no member of the tenant. */
export const oneTenant = z.strictObject({ slug: z.string().max(63) })
export const retierPreviewInput = z.strictObject({ slug: z.string().max(63), tier: z.enum(tiers) })
export const retierInput = z.strictObject({ slug: z.string().max(63), tier: z.enum(tiers), reason })
export const suspendInput = z.strictObject({ slug: z.string().max(63), reason })

export interface TenantSummary {
  slug: string
  name: string
  tier: string
  isSuspended: boolean
  /** Those of the caller; none for a platform admin who is no member. */
  roles: string[]
}

export interface TenantView extends TenantSummary {
  createdAt: string
  usage: {
    environments: number
    /** cap null: any number */
    customEnvironments: { used: number; cap: number | null }
    applications: number
    members: number
  }
  /** What the caller may do here, and why not. */
  acts: {
    rename: Verdict
    createEnvironment: Verdict
    createApplication: Verdict
    editPolicy: Verdict
    manageMembers: Verdict
    manageTokens: Verdict
  }
}

export interface RetierImpact {
  from: Tier
  to: Tier
  direction: 'up' | 'down' | 'same'
  /** Slugs that would be made. */
  creates: string[]
  /** Environments that would take nothing new any more, with what runs and waits there. Nothing is deleted. */
  becomeReadOnly: { slug: string; name: string; deployments: number; unsettledPromotions: number }[]
  /** Environments that were over the old limit and would be open again. */
  becomeOpen: string[]
  /** Default environments whose upstream, protection and untouched policy would follow the new tier. */
  follow: string[]
}
