import { permissions, roleName, verbsOf } from '#lib/access/permissions'

/** "Release manager" of `release_manager`. */
export function roleTitle(role: string): string {
  const name = role === 'sre' ? 'SRE' : roleName(role)
  return name.charAt(0).toUpperCase() + name.slice(1)
}

/** What a role lets one do beyond looking, as a sentence. */
export function roleSays(role: string): string {
  const acts = verbsOf([role])
    .filter((verb) => verb !== 'tenant.read')
    .map((verb) => permissions[verb].says)
  if (acts.length === 0) return 'See the board, releases and environments; change nothing.'
  const words = acts.join(', ')
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}
