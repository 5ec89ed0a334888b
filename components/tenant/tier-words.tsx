import { tierRules, type Tier } from '#lib/tenants/tier'

/** What a tier gives, in one sentence made of its rules. */
export function tierWords(tier: Tier): string {
  const { environments, customEnvironments } = tierRules[tier]
  const names = environments.map(({ name, slug }) => `${name.toLowerCase()} (${slug})`)
  const custom =
    customEnvironments === null
      ? 'and any number of custom ones'
      : customEnvironments === 0
        ? 'no custom ones'
        : `and up to ${customEnvironments} custom ones`
  return `Environments: ${names.join(', ')}; ${custom}.`
}
