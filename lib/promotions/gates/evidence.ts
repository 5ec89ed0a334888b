import { bringsNews } from '#lib/promotions/promotion-kind'
import { notApplicable, stopped, type Gate } from '#lib/promotions/gates/gate-facts'

/** Nothing collects evidence yet, so there is none: `missing`, whatever the mode of the policy. */
export const evidence: Gate = ({ kind }) => {
  if (!bringsNews(kind)) return notApplicable('This brings nothing new in.')
  return stopped('missing', 'No evidence is collected yet.', { words: 'Leave this gate at warn until evidence is collected, or grant a waiver.' })
}
