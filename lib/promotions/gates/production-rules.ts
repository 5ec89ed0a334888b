import { judgeProductionRules } from '#lib/configuration/production-rules'
import { notApplicable, passed, stopped, type Gate } from '#lib/promotions/gates/gate-facts'
import { bringsNews } from '#lib/promotions/promotion-kind'

/** Passes when what would run keeps the rules of production that its configuration can break. */
export const productionRules: Gate = ({ kind, tenant, application, environment, release, revision }) => {
  if (!bringsNews(kind) && kind !== 'rollback' && kind !== 'scale') return notApplicable('Neither release nor configuration changes.')
  const results = judgeProductionRules({
    document: revision.document,
    components: release.components.map(({ name, spec }) => ({
      name,
      environment: spec.environment,
      arguments: spec.arguments,
      isPublic: spec.exposure === 'public',
    })),
    isProtected: environment.isProtected,
  })
  const facts = results.map(({ rule, outcome, reason }) => ({ name: rule, value: `${outcome.replace('_', ' ')}: ${reason}` }))
  const failed = results.filter(({ outcome }) => outcome === 'failed')
  if (failed.length === 0) return passed(`r${revision.number} keeps the ${results.length} rules of production that configuration can break.`, facts)
  return stopped(
    'failed',
    failed.map(({ reason }) => reason).join(' '),
    {
      words: `Change the configuration of ${application.slug} in ${environment.slug}.`,
      href: `/t/${tenant.slug}/configuration?app=${application.slug}&env=${environment.slug}`,
    },
    facts,
  )
}
