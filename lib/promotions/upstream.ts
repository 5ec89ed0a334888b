import { environmentStanding } from '#lib/tenants/environment'

interface Place {
  id: string
  slug: string
  isCustom: boolean
  upstreamIds: readonly string[]
}

/** Whether a tier has this environment; after a downgrade some are over the limit: read-only, deleted by nobody. */
export function isWithinTier(tier: string, environment: Pick<Place, 'slug' | 'isCustom'>): boolean {
  return environmentStanding(tier, environment) === 'open'
}

/**
 * Where releases come from. An upstream environment that is over the tier's limit takes nothing new, so waiting for it would
 * close the way for ever: its own upstream ones stand in for it.
 */
export function effectiveUpstream(tier: string, environment: Place, all: readonly Place[], seen: ReadonlySet<string> = new Set()): string[] {
  const ids = environment.upstreamIds.flatMap((id) => {
    const upstream = all.find((one) => one.id === id)
    if (!upstream || seen.has(id)) return []
    return isWithinTier(tier, upstream) ? [id] : effectiveUpstream(tier, upstream, all, new Set([...seen, id]))
  })
  return [...new Set(ids)]
}
