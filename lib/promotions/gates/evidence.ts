import { isSettled } from '#lib/evidence/item'
import type { GateFinding } from '#lib/promotions/gates'
import { notApplicable, passed, stopped, type ChecklistFacts, type Gate, type GateFacts } from '#lib/promotions/gates/gate-facts'
import { bringsNews } from '#lib/promotions/promotion-kind'

/**
 * Passes when what must be known before is known here, and the checklist of every upstream environment is complete and signed for
 * this very release. Waivers of single items count as they do on the checklist.
 */
export const evidence: Gate = (facts) => {
  if (!bringsNews(facts.kind)) return notApplicable('This brings nothing new in.')
  const { evidence: checklists } = facts
  if (!checklists) return stopped('missing', 'No evidence was looked at.', { words: 'Look at the checklist.' })
  const here = before(facts, checklists.here)
  const upstream = checklists.upstream.map((one) => signed(facts, one))
  const findings = [here, ...upstream]
  const worst = findings.find(({ outcome }) => outcome === 'failed') ?? findings.find(({ outcome }) => outcome === 'missing')
  return worst
    ? { ...worst, facts: findings.flatMap((finding) => finding.facts) }
    : passed(
        findings.map(({ reason }) => reason).join(' '),
        findings.flatMap((finding) => finding.facts),
      )
}

/** The plan at hand renders the manifests itself, so that item is not asked for before there is one. */
function before(facts: GateFacts, checklist: ChecklistFacts): GateFinding {
  const items = checklist.items.filter(({ when, control }) => when === 'before' && control !== 'rendered-manifest')
  const seen = items.map(({ title, status }) => ({ name: `${title.toLowerCase()} in ${facts.environment.slug}`, value: status.replace('_', ' ') }))
  const open = items.filter((item) => !isSettled(item))
  if (open.length === 0) return passed(`What has to be known before ${facts.environment.slug} is known.`, seen)
  const outcome = open.some(({ status }) => status === 'fail') ? 'failed' : 'missing'
  const names = open.map(({ title, status }) => `${title.toLowerCase()} (${status})`)
  const reason = `Open for ${facts.release.name} in ${facts.environment.slug}: ${names.join(', ')}.`
  return stopped(outcome, reason, { words: `Open the checklist of ${facts.environment.slug}.`, href: hrefOf(facts, facts.environment.slug) }, seen)
}

function signed(facts: GateFacts, { slug, checklist }: { slug: string; checklist: ChecklistFacts }): GateFinding {
  const name = `the checklist of ${facts.release.name} in ${slug}`
  const fix = { words: `Open the checklist of ${slug}.`, href: hrefOf(facts, slug) }
  const seen = [{ name: `sign-off in ${slug}`, value: checklist.signOffState }]
  if (checklist.signOffState === 'invalid')
    return stopped('failed', `The sign-off of ${slug} does not count any more. ${checklist.signOffReason}`, fix, seen)
  const open = checklist.items.filter((item) => item.control !== 'owner-sign-off' && !isSettled(item))
  if (open.length > 0) {
    const names = open.map(({ title, status }) => `${title.toLowerCase()} (${status})`)
    const outcome = open.some(({ status }) => status === 'fail') ? 'failed' : 'missing'
    return stopped(outcome, `Open in ${name}: ${names.join(', ')}.`, fix, seen)
  }
  if (checklist.signOffState === 'unsigned') return stopped('missing', `Nobody has signed ${name}.`, fix, seen)
  return passed(`Complete and signed: ${name}.`, seen)
}

function hrefOf({ tenant, application, release }: GateFacts, environment: string): string {
  return `/t/${tenant.slug}/evidence/${application.slug}/${environment}/${encodeURIComponent(release.name)}`
}
