// What an environment is, and the rules on making and changing one.
import { z } from 'zod'
import { allowed, refused, type Verdict } from '#lib/platform/refusal'
import { displayNameSchema, slugSchema } from '#lib/tenants/slug'
import { tierRules, tiers, type Tier } from '#lib/tenants/tier'

const rankSchema = z.int().min(0).max(10_000)
const upstreamSchema = z.array(z.string().max(63)).max(50)

export const createEnvironmentInput = z.strictObject({
  slug: slugSchema,
  name: displayNameSchema,
  /** Where its column stands on the board; dev is 10, staging 20, prod 100. */
  rank: rankSchema,
  /** Slugs in which a release must have completed first. */
  upstream: upstreamSchema.default([]),
  isProtected: z.boolean().default(false),
  runtimeKind: z.enum(['process']).default('process'),
})

export const editEnvironmentInput = z.strictObject({
  environment: z.string().max(63),
  name: displayNameSchema.optional(),
  rank: rankSchema.optional(),
  upstream: upstreamSchema.optional(),
  isProtected: z.boolean().optional(),
})

export const oneEnvironment = z.strictObject({ environment: z.string().max(63) })

export interface EnvironmentView {
  id: string
  slug: string
  name: string
  rank: number
  isProtected: boolean
  isCustom: boolean
  upstream: string[]
  runtimeKind: string
  /** `read_only` when the tier does not have it any more: view, stop, roll back; nothing new comes in. */
  standing: Standing
  policyVersion: number
  createdAt: string
  /** Whether the caller may edit it, and why not. */
  edit: Verdict
  /** Whether the caller may save configuration in it, and why not. */
  editOverlay: Verdict
}

export type Standing = 'open' | 'read_only'

/** Whether something new may come into an environment under a tier; after a downgrade some are over the limit, deleted by nobody. */
export function environmentStanding(tier: string, environment: { slug: string; isCustom: boolean }): Standing {
  if (!isTier(tier)) return 'read_only'
  const rule = tierRules[tier]
  const isIn = environment.isCustom ? rule.customEnvironments === null : rule.environments.some(({ slug }) => slug === environment.slug)
  return isIn ? 'open' : 'read_only'
}

export function isTier(text: string): text is Tier {
  return (tiers as readonly string[]).includes(text)
}

/** Whether one more custom environment fits under the cap of the tier. */
export function mayCreateEnvironment(tier: string, customCount: number): Verdict {
  const cap = isTier(tier) ? tierRules[tier].customEnvironments : 0
  if (cap === null || customCount < cap) return allowed
  return refused(
    'tier_limit',
    cap === 0 ? `The tier ${tier} has no custom environments.` : `The tier ${tier} has at most ${cap} custom environments.`,
    'Ask a platform admin for the tier HIGH or BUSINESS.',
  )
}

/** Refuses an upstream that leads back to the environment itself: nothing could ever enter the circle. */
export function mayFollow(
  id: string,
  upstreamIds: readonly string[],
  all: readonly { id: string; slug: string; upstreamIds: readonly string[] }[],
): Verdict {
  const open = [...upstreamIds]
  const seen = new Set<string>()
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === id)
      return refused('invalid_input', 'An environment cannot be upstream of itself, directly or around.', 'Leave out the one that leads back.')
    if (seen.has(next)) continue
    seen.add(next)
    const current = next
    open.push(...(all.find((one) => one.id === current)?.upstreamIds ?? []))
  }
  return allowed
}
