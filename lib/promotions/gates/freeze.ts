import { bringsNews } from '#lib/promotions/promotion-kind'
import { notApplicable, passed, stopped, type Gate, type GateFacts } from '#lib/promotions/gates/gate-facts'

/** Passes when no window is closed and no line is stopped. A rollback is exempt by rule, and flagged. */
export const freeze: Gate = (facts) => {
  if (!bringsNews(facts.kind) && facts.kind !== 'rollback') return notApplicable('A freeze closes promotion; this operates what runs.')
  const [first] = facts.freezes
  if (!first) return passed(`${facts.environment.slug} is open.`)
  const seen = facts.freezes.map((freeze) => ({ name: freeze.kind.replaceAll('_', ' '), value: freeze.reason, at: freeze.startsAt.toISOString() }))
  const closed = `${describe(first)}, ${untilWords(facts)}`
  if (facts.kind === 'rollback') return passed(`Exempt: a rollback may pass although ${facts.environment.slug} is closed (${closed}).`, seen)
  return stopped('failed', `${facts.environment.slug} is closed: ${closed}.`, fixOf(facts), seen)
}

function describe({ kind, incident, reason }: GateFacts['freezes'][number]): string {
  return `${kind === 'stop_the_line' ? `the line is stopped for ${incident}` : 'a freeze'}, “${reason}”`
}

/** By all of them, and by those that follow without a gap. */
function untilWords({ opensAt }: GateFacts): string {
  return opensAt ? `until ${opensAt.toISOString()}` : 'until it is lifted'
}

function fixOf({ tenant, opensAt }: GateFacts) {
  const words = opensAt ? `Ask again after ${opensAt.toISOString()}, or lift the freeze.` : 'Ask an SRE or a release manager to lift it.'
  return { words, href: `/t/${tenant.slug}/freezes` }
}
