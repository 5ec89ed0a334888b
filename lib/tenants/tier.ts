// Tiers as data: which environments exist at creation, and whether more may be made.

export const tiers = ['LOW', 'MID', 'HIGH', 'BUSINESS'] as const
export type Tier = (typeof tiers)[number]

export interface DefaultEnvironment {
  slug: string
  name: string
  rank: number
  /** Slugs of this list. */
  upstream: readonly string[]
  isProtected: boolean
}

const dev = { slug: 'dev', name: 'Development', rank: 10, upstream: [], isProtected: false } as const
const staging = { slug: 'staging', name: 'Staging', rank: 20, upstream: ['dev'], isProtected: false } as const
const prod = { slug: 'prod', name: 'Production', rank: 100, upstream: ['staging'], isProtected: true } as const

export interface TierRule {
  environments: readonly DefaultEnvironment[]
  /** How many custom environments; null for any number. */
  customEnvironments: number | null
}

export const tierRules: Record<Tier, TierRule> = {
  LOW: { environments: [{ ...prod, upstream: [], isProtected: false }], customEnvironments: 0 },
  MID: { environments: [dev, { ...prod, upstream: ['dev'] }], customEnvironments: 0 },
  HIGH: { environments: [dev, staging, prod], customEnvironments: null },
  BUSINESS: { environments: [dev, staging, prod], customEnvironments: null },
}
