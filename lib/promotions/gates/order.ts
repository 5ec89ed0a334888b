import { notApplicable, passed, stopped, type Gate, type GateFacts } from '#lib/promotions/gates/gate-facts'
import type { GateFinding } from '#lib/promotions/gates'

/**
 * Passes when this exact release completed in every upstream environment (`upstream: 'any'`: in one of them), and the
 * registry still maps its name to the same digest (S2.2).
 */
export const order: Gate = (facts, parameters) => {
  if (facts.kind !== 'promote' && facts.kind !== 'rollback' && facts.kind !== 'deploy') return notApplicable('The release that runs stays the same.')
  const mapping = mapsToSameDigest(facts)
  if (mapping) return mapping
  if (facts.kind === 'rollback') return beforeHere(facts)
  if (facts.upstream.length === 0) return notApplicable(`Nothing is upstream of ${facts.environment.slug}.`)
  const reached = facts.upstream.filter(({ completedAt }) => completedAt)
  const times = reached.map(({ slug, completedAt }) => ({
    name: `completed in ${slug}`,
    value: facts.release.name,
    at: (completedAt as Date).toISOString(),
  }))
  const isEnough = parameters['upstream'] === 'any' ? reached.length > 0 : reached.length === facts.upstream.length
  if (isEnough) return passed(`${facts.release.name} completed in ${reached.map(({ slug }) => slug).join(' and ')}.`, times)
  const open = facts.upstream.filter(({ completedAt }) => !completedAt)
  const [first] = open.filter(({ isRollingOut }) => isRollingOut)
  if (first) {
    const words = `Wait until it has completed in ${first.slug}.`
    return stopped('pending', `${facts.release.name} is rolling out in ${first.slug}.`, { words }, times)
  }
  const names = open.map(({ slug }) => slug)
  return stopped(
    'failed',
    `${facts.release.name} has not completed in ${names.join(' and ')}.`,
    {
      words: `Promote ${facts.release.name} to ${names[0] ?? ''} first.`,
      href: `/t/${facts.tenant.slug}?sheet=${facts.application.slug}/${names[0] ?? ''}/${facts.release.name}`,
    },
    times,
  )
}

function beforeHere(facts: GateFacts): GateFinding {
  const { completedHereAt, release, environment } = facts
  if (!completedHereAt) {
    const words = 'Choose a release that completed here before.'
    return stopped('failed', `${release.name} never completed in ${environment.slug}: there is nothing to go back to.`, { words })
  }
  return passed(`${release.name} completed in ${environment.slug} before.`, [
    { name: `completed in ${environment.slug}`, value: release.name, at: completedHereAt.toISOString() },
  ])
}

function mapsToSameDigest(facts: GateFacts): GateFinding | undefined {
  const moved = facts.release.components.find(({ taggedDigest, digest }) => taggedDigest !== digest)
  if (!moved) return undefined
  const seen = [
    { name: 'sealed digest', value: moved.digest },
    { name: 'tagged digest', value: moved.taggedDigest ?? 'none' },
  ]
  if (moved.taggedDigest === null) {
    const words = 'Push the release again, or promote another one.'
    return stopped('missing', `The registry has no tag ${facts.release.name} in ${moved.repository}.`, { words }, seen)
  }
  const words = 'Find out who moved the tag; promote another release.'
  return stopped(
    'failed',
    `Digest mismatch: ${moved.repository}:${facts.release.name} is another digest than the release was sealed with.`,
    { words },
    seen,
  )
}
