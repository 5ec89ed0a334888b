import { environmentStanding } from '#lib/tenants/environment'
import { tierRules, tiers, type DefaultEnvironment, type Tier } from '#lib/tenants/tier'

export interface PlacedEnvironment {
  id: string
  slug: string
  isCustom: boolean
  isProtected: boolean
  upstreamIds: readonly string[]
}

export interface RetierPlan {
  direction: 'up' | 'down' | 'same'
  /** Default environments that are missing under the new tier. */
  creates: DefaultEnvironment[]
  becomeReadOnly: PlacedEnvironment[]
  becomeOpen: PlacedEnvironment[]
  /** On the way up only: those that still stand as the old tier made them, with how the new one would have made them. */
  follow: { environment: PlacedEnvironment; rule: DefaultEnvironment }[]
}

/** What a change of tier does to the environments of a tenant. A downgrade changes no row of them: their standing is derived. */
export function planRetier(from: Tier, to: Tier, environments: readonly PlacedEnvironment[]): RetierPlan {
  const steps = Math.sign(tiers.indexOf(to) - tiers.indexOf(from))
  const stands = (tier: Tier) => (environment: PlacedEnvironment) => environmentStanding(tier, environment) === 'open'
  const missing = tierRules[to].environments.filter(({ slug }) => !environments.some((one) => one.slug === slug))
  return {
    direction: steps > 0 ? 'up' : steps < 0 ? 'down' : 'same',
    creates: steps > 0 ? missing : [],
    becomeReadOnly: environments.filter((one) => stands(from)(one) && !stands(to)(one)),
    becomeOpen: environments.filter((one) => !stands(from)(one) && stands(to)(one)),
    follow: steps > 0 ? tierRules[to].environments.flatMap((rule) => followers(from, rule, environments)) : [],
  }
}

function followers(from: Tier, rule: DefaultEnvironment, environments: readonly PlacedEnvironment[]): RetierPlan['follow'] {
  const environment = environments.find(({ slug, isCustom }) => slug === rule.slug && !isCustom)
  const before = tierRules[from].environments.find(({ slug }) => slug === rule.slug)
  if (!environment || !before || JSON.stringify(before) === JSON.stringify(rule)) return []
  const upstream = environment.upstreamIds.map((id) => environments.find((one) => one.id === id)?.slug ?? id)
  const isUntouched = environment.isProtected === before.isProtected && upstream.join() === before.upstream.join()
  return isUntouched ? [{ environment, rule }] : []
}
