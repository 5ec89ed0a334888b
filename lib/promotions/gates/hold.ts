import type { HoldFacts } from '#lib/promotions/situation'
import type { GateFacts } from '#lib/promotions/gates/gate-facts'
import type { GateResult } from '#lib/promotions/gates'
import { bringsNews } from '#lib/promotions/promotion-kind'

/**
 * A standing hold stops whatever brings something new, in every environment and by no policy: it is a person's word after a rollback,
 * and another person's word lifts it. Going back further, and operating what runs, stay possible. Undefined where nothing is held.
 */
export function holdGate({ kind, hold, application, environment, tenant }: GateFacts): GateResult | undefined {
  if (!hold) return undefined
  const name = `${application.slug} in ${environment.slug}`
  const seen = [{ name: 'held since', value: hold.reason, at: hold.createdAt.toISOString() }]
  if (!bringsNews(kind)) {
    return { gate: 'hold', mode: 'block', outcome: 'not_applicable', reason: `${name} is held; this brings nothing new in.`, facts: seen, fix: null }
  }
  return {
    gate: 'hold',
    mode: 'block',
    outcome: 'failed',
    reason: `${name} is held: ${said(hold)}`,
    facts: seen,
    fix: {
      words: `Lift the hold with your reason (caisson hold lift ${application.slug} ${environment.slug}).`,
      href: `/t/${tenant.slug}?cell=${application.slug}/${environment.slug}`,
    },
  }
}

function said({ reason }: HoldFacts): string {
  return /[.!?]$/.test(reason) ? reason : `${reason}.`
}
