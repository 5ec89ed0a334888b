import type { ConfigDocument } from '#lib/configuration/config-document'
import { digestOfJson } from '#lib/platform/canonical-json'
import type { PlanDocument } from '#lib/promotions/plan'
import type { DesiredState } from '#lib/runtime/driver'

type PlanInputs = Pick<PlanDocument, 'tenant' | 'application' | 'environment' | 'release' | 'replicas' | 'strategy'>

/**
 * What the runtime is asked for, composed from nothing but a plan and the document of its configuration revision.
 * `configHash` covers what a replica sees (spec, variables, JVM arguments) and not how many there are: scaling restarts nobody.
 */
export function desiredStateOf(plan: PlanInputs, config: ConfigDocument): DesiredState {
  const specs = plan.release.components.map(({ name, spec }) => ({ name, spec }))
  return {
    target: {
      tenantId: plan.tenant.id,
      tenant: plan.tenant.slug,
      environmentId: plan.environment.id,
      environment: plan.environment.slug,
      applicationId: plan.application.id,
      application: plan.application.slug,
    },
    configHash: digestOfJson({ specs, variables: config.variables, jvmArguments: config.jvmArguments }),
    components: plan.release.components.map(({ name, repository, digest, spec }) => ({
      name,
      repository,
      digest,
      spec,
      replicas: plan.replicas,
      environment: { ...spec.environment, ...config.variables },
      jvmArguments: config.jvmArguments,
    })),
    strategy: plan.strategy,
  }
}
