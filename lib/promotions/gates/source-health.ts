import type { GateFinding } from '#lib/promotions/gates'
import { notApplicable, passed, stopped, type Gate, type GateFacts, type UpstreamFacts } from '#lib/promotions/gates/gate-facts'

/** An observation older than this says nothing about now. */
const defaultMaxAgeSeconds = 300

/** Passes when the release is ready now in every upstream environment. No observation is `missing`, never a pass. */
export const sourceHealth: Gate = (facts, parameters) => {
  if (facts.kind !== 'promote') return notApplicable('Only a promotion has a source.')
  if (facts.upstream.length === 0) return notApplicable(`Nothing is upstream of ${facts.environment.slug}.`)
  const given = parameters['maxAgeSeconds']
  const maxAgeSeconds = typeof given === 'number' ? given : defaultMaxAgeSeconds
  const findings = facts.upstream.map((upstream) => lookAt(facts, upstream, maxAgeSeconds))
  const worst = findings.toSorted((left, right) => weight[left.outcome] - weight[right.outcome])[0]
  return worst && worst.outcome !== 'passed'
    ? worst
    : passed(
        findings.map(({ reason }) => reason).join(' '),
        findings.flatMap(({ facts }) => facts),
      )
}

const weight = { failed: 0, missing: 1, pending: 2, passed: 3, not_applicable: 4 } as const

function lookAt(facts: GateFacts, upstream: UpstreamFacts, maxAgeSeconds: number): GateFinding {
  const { release, now } = facts
  const { deployment, slug } = upstream
  const wait = { words: `Wait until ${release.name} is ready in ${slug}.` }
  if (upstream.isRollingOut) return stopped('pending', `${release.name} is rolling out in ${slug}.`, wait)
  if (!deployment || deployment.releaseId !== release.id || deployment.isStopped) {
    const runs = !deployment ? 'nothing' : deployment.isStopped ? 'nothing (it is stopped)' : upstream.runs
    const words = `Run ${release.name} in ${slug}, or grant a waiver for source-health.`
    return stopped('missing', `${slug} runs ${runs} now, so ${release.name} is not observed there.`, {
      words,
      href: `/t/${facts.tenant.slug}?sheet=${facts.application.slug}/${slug}/${release.name}`,
    })
  }
  const seen = [{ name: `state in ${slug}`, value: deployment.state, ...(deployment.observedAt ? { at: deployment.observedAt.toISOString() } : {}) }]
  const look = { words: `See why in ${slug}.`, href: `/t/${facts.tenant.slug}?cell=${facts.application.slug}/${slug}` }
  if (!deployment.observedAt || deployment.state === 'unknown') {
    return stopped('missing', `${release.name} has not been observed in ${slug} yet.`, wait, seen)
  }
  const ageSeconds = Math.floor((now.getTime() - deployment.observedAt.getTime()) / 1000)
  if (ageSeconds > maxAgeSeconds) {
    return stopped('missing', `${release.name} was last observed in ${slug} ${ageSeconds} s ago; that is too long ago to count.`, look, seen)
  }
  const ready = `${deployment.readyReplicas} of ${deployment.replicas} replicas ready`
  if (deployment.state === 'ready') return passed(`${release.name} is ready in ${slug}: ${ready}.`, seen)
  return stopped('failed', `${release.name} is ${deployment.state.replace('_', ' ')} in ${slug}: ${ready} (${deployment.stateReason}).`, look, seen)
}
