import { bringsNews } from '#lib/promotions/promotion-kind'
import type { GateFinding } from '#lib/promotions/gates'
import { notApplicable, passed, stopped, type Gate, type GateFacts } from '#lib/promotions/gates/gate-facts'

/**
 * Passes when every key that the release requires has a value, every key is one that the JAR's own metadata know, no secret stands
 * in the open, and every secret that a connection refers to has a value.
 */
export const config: Gate = (facts) => {
  const { kind, environment, release, revision } = facts
  if (!bringsNews(kind) && kind !== 'rollback') return notApplicable('Neither release nor configuration changes.')
  const { missing, unknown, plaintext, unset } = facts.configProblems()
  const is = (count: number) => (count === 1 ? 'is' : 'are')
  const reasons: string[] = []
  const fixes: string[] = []
  if (missing.length > 0) {
    reasons.push(`${missing.join(', ')} ${is(missing.length)} required by ${release.name} and not set in ${environment.slug} (r${revision.number}).`)
    fixes.push(`Set ${missing.join(', ')} in the overlay of ${environment.slug}.`)
  }
  if (unset.length > 0) {
    reasons.push(
      `${unset.length === 1 ? 'The secret' : 'The secrets'} ${unset.join(', ')} ${is(unset.length)} referred to and ${unset.length === 1 ? 'has' : 'have'} no value in ${environment.slug}.`,
    )
    fixes.push(`Set ${unset.length === 1 ? 'it' : 'them'}: caisson secrets set ${facts.application.slug} ${environment.slug} ${unset[0] ?? ''}.`)
  }
  if (plaintext.length > 0) {
    const names = plaintext.map(({ key, why }) => `${key} (${why})`)
    reasons.push(`${names.join(', ')} ${plaintext.length === 1 ? 'looks like a secret' : 'look like secrets'} in the open.`)
    fixes.push('Set the value as a secret and name it in a connection; a value that was saved in the open should be changed at its source.')
  }
  if (unknown.length > 0) {
    const names = unknown.map(({ key, suggestion }) => (suggestion === '' ? key : `${key} (${suggestion}?)`))
    reasons.push(`${names.join(', ')} ${is(unknown.length)} unknown to the configuration metadata of ${release.name}.`)
    fixes.push(`Correct ${unknown.length === 1 ? 'it' : 'them'}, or take ${unknown.length === 1 ? 'it' : 'them'} out.`)
  }
  if (reasons.length === 0) return passed(`r${revision.number} has every required key, none that is unknown, and no secret in the open.`)
  return stopped('failed', reasons.join(' '), { words: fixes.join(' '), href: hrefOf(facts) }, [
    ...missing.map((name) => ({ name, value: 'not set' })),
    ...unset.map((name) => ({ name, value: 'no value' })),
    ...plaintext.map(({ key, why }) => ({ name: key, value: why })),
    ...unknown.map(({ key, suggestion }) => ({ name: key, value: suggestion === '' ? 'unknown' : `unknown; ${suggestion}?` })),
  ] satisfies GateFinding['facts'])
}

function hrefOf({ tenant, environment, application }: GateFacts): string {
  return `/t/${tenant.slug}/configuration?app=${application.slug}&env=${environment.slug}`
}
