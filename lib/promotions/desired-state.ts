import type { ConfigDocument } from '#lib/configuration/config-document'
import { digestOfJson } from '#lib/platform/canonical-json'
import type { PlanDocument } from '#lib/promotions/plan'
import type { DeliveredSecret, DesiredState } from '#lib/runtime/driver'

type PlanInputs = Pick<PlanDocument, 'tenant' | 'application' | 'environment' | 'release' | 'replicas' | 'strategy' | 'secrets'>

/**
 * What the runtime is asked for, composed from nothing but a plan and the document of its configuration revision.
 * `configHash` covers what a replica sees (spec, environment, JVM arguments, files, fingerprints of secrets) and not how many there
 * are: scaling restarts nobody. What a configuration does not have is not in it, so that it hashes as it did before that existed.
 */
export function desiredStateOf(plan: PlanInputs, config: ConfigDocument): DesiredState {
  const { flags, files } = config
  const secrets = deliveredSecrets(plan, config)
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
    configHash: digestOfJson({
      specs,
      variables: config.variables,
      jvmArguments: config.jvmArguments,
      ...filled({ flags, files, secrets: secrets.map(({ versionId: _version, ...secret }) => secret) }),
    }),
    components: plan.release.components.map(({ name, repository, digest, spec }) => ({
      name,
      repository,
      digest,
      spec,
      replicas: spec.runs === 'once' ? Math.min(1, plan.replicas) : plan.replicas,
      environment: { ...spec.environment, ...config.variables, ...Object.fromEntries(Object.entries(flags).map(([key, on]) => [key, String(on)])) },
      jvmArguments: config.jvmArguments,
      ...filled({ files, secrets }),
    })),
    strategy: plan.strategy,
  }
}

function deliveredSecrets({ secrets }: PlanInputs, { connections }: ConfigDocument): DeliveredSecret[] {
  return Object.keys(connections)
    .sort()
    .flatMap((key): DeliveredSecret[] => {
      const connection = connections[key]
      const secret = secrets.find(({ name }) => name === connection?.secret)
      // One without a value is for the config gate to refuse; where the policy lets it pass, the key is not there.
      return connection && secret ? [{ key, deliver: connection.deliver, ...secret }] : []
    })
}

function filled<G extends Record<string, object>>(groups: G): Partial<G> {
  return Object.fromEntries(Object.entries(groups).filter(([, group]) => Object.keys(group).length > 0)) as Partial<G>
}
