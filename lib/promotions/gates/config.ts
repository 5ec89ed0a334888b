import { bringsNews } from '#lib/promotions/promotion-kind'
import { notApplicable, passed, stopped, type Gate } from '#lib/promotions/gates/gate-facts'

/** Passes when every key that the release requires has a value in the overlay or in the component's own environment. */
export const config: Gate = ({ kind, application, environment, release, revision, tenant }) => {
  if (!bringsNews(kind) && kind !== 'rollback') return notApplicable('Neither release nor configuration changes.')
  const required = release.components.flatMap(({ spec }) => spec.requiredKeys.map((key) => ({ key, spec })))
  if (required.length === 0) return passed(`${release.name} requires no keys.`)
  const missing = required.filter(({ key, spec }) => !Object.hasOwn(revision.document.variables, key) && !Object.hasOwn(spec.environment, key))
  const names = [...new Set(missing.map(({ key }) => key))]
  if (names.length === 0) return passed(`${required.length} required keys are present in r${revision.number}.`)
  const are = names.length === 1 ? 'is required' : 'are required'
  return stopped(
    'failed',
    `${names.join(', ')} ${are} by ${release.name} and not set in ${environment.slug} (r${revision.number}).`,
    {
      words: `Set ${names.join(', ')} in the overlay of ${environment.slug}.`,
      href: `/t/${tenant.slug}/environments/${environment.slug}?view=configuration&app=${application.slug}`,
    },
    names.map((name) => ({ name, value: 'not set' })),
  )
}
