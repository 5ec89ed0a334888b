import type { PlanDocument } from '#lib/promotions/plan'
import type { PromotionKind } from '#lib/promotions/promotion-kind'

/** The command line that asks for the same thing; a test has the command line itself parse each of them. */
export function cliLineOf(asked: { kind: PromotionKind; application: { slug: string }; environment: { slug: string } }, plan: PlanDocument): string {
  const { kind, application, environment } = asked
  switch (kind) {
    case 'promote':
    case 'deploy':
      return `caisson promote ${application.slug} ${plan.release.name} --to ${environment.slug}`
    case 'rollback':
      return `caisson rollback ${application.slug} ${environment.slug} --to ${plan.release.name}`
    case 'config':
      return `caisson promote ${application.slug} --to ${environment.slug} --kind config`
    case 'scale':
      return `caisson scale ${application.slug} ${environment.slug} ${plan.replicas}`
    default:
      return `caisson ${kind} ${application.slug} ${environment.slug}`
  }
}
