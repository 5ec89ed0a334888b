import { bringsNews } from '#lib/promotions/promotion-kind'
import { notApplicable, passed, stopped, type Gate } from '#lib/promotions/gates/gate-facts'

/** Passes when the tenant's tier has this environment. Over the limit it is read-only: stop and roll back, nothing new. */
export const tier: Gate = ({ kind, tenant, environment }) => {
  if (environment.isWithinTier) return passed(`${tenant.tier} has ${environment.slug}.`)
  if (!bringsNews(kind) && kind !== 'scale')
    return notApplicable(`${environment.slug} is over the limit of ${tenant.tier}; this brings nothing new into it.`)
  return stopped('failed', `${environment.slug} is over the limit of ${tenant.tier}: it is read-only.`, {
    words: 'Ask a platform admin for a tier that has it.',
  })
}
