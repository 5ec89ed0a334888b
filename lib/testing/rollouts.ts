// A stage on which rollouts run: an application with releases, and promotions by the real commands.
import { saveRevision } from '#lib/configuration/commands/save-revision'
import { defaultConfig } from '#lib/configuration/config-document'
import { createContext, systemActor, type TenantContext } from '#lib/platform/context'
import { requestPromotion } from '#lib/promotions/commands/request-promotion'
import { runRollout, type RolloutParts, type RunOutcome } from '#lib/rollouts/commands/run-rollout'
import { actAs, asPlatform, environmentId, makeApplication, makeTenant } from '#lib/testing/factories'
import { eventually } from '#lib/testing/eventually'
import { makeRelease } from '#lib/testing/releases'
import { ScriptedRuntime } from '#lib/testing/scripted-runtime'
import type { ComponentSpec } from '#lib/tenants/component-spec'

const probe = { kind: 'tcp', intervalMs: 100, timeoutMs: 1000, startPeriodMs: 0, retries: 2 } as const
export const scriptedSpec = { readiness: probe, stopTimeoutMs: 0 }

export async function makeRolloutStage(
  options: { replicas?: number; strategy?: { maxUnavailable: number; maxSurge: number }; spec?: Partial<ComponentSpec> } = {},
) {
  const tenant = await makeTenant()
  const application = await makeApplication(tenant)
  const manager = await actAs(tenant, 'release_manager', 'sre')
  const system = createContext({ tenant, actor: systemActor('worker') })
  const runtime = new ScriptedRuntime()
  const place = { application: application.slug, environment: 'dev' }
  const document = { ...defaultConfig, replicas: options.replicas ?? 3, strategy: options.strategy ?? defaultConfig.strategy }
  await saveRevision(manager, { ...place, expected: 0, document })
  const spec = { ...scriptedSpec, ...options.spec }
  const releases = [await makeRelease(tenant, application, 'v1.0.0', { spec }), await makeRelease(tenant, application, 'v1.1.0', { spec })] as const
  const rows = { environmentId: await environmentId(tenant, 'dev'), applicationId: application.id }
  const partsOf = (more: Partial<RolloutParts> = {}): RolloutParts => ({
    driverFor: () => runtime,
    probe: runtime.probe,
    signal: new AbortController().signal,
    drainMs: 0,
    waits: () => 0,
    sleep: (ms) => new Promise((done) => setTimeout(done, Math.min(ms, 5))),
    ...more,
  })
  const ask = async (release: string, more: Record<string, unknown> = {}) => {
    const promotion = await requestPromotion(manager, { ...place, release, ...more })
    const rollout = await asPlatform((tx) => tx.rollout.findUniqueOrThrow({ where: { promotionId: promotion.id } }))
    return { promotionId: promotion.id, rolloutId: rollout.id }
  }
  const run = (
    rolloutId: string,
    { silent, ...more }: Partial<RolloutParts> & { silent?: string | undefined } = {},
    ctx: TenantContext = system,
  ): Promise<RunOutcome> => runRollout(ctx, partsOf(more), { rolloutId, silent })
  /** Runs it as a worker does: again and again until it is settled. */
  const settle = (rolloutId: string, more: Partial<RolloutParts> = {}) =>
    eventually('the rollout is settled', async () => (await run(rolloutId, more)) === 'settled' || (await rolloutOf(rolloutId)).settledAt !== null)
  const rolloutOf = (id: string) =>
    asPlatform((tx) => tx.rollout.findUniqueOrThrow({ where: { id }, include: { steps: { orderBy: { ordinal: 'asc' } } } }))
  const promotionOf = (id: string) => asPlatform((tx) => tx.promotion.findUniqueOrThrow({ where: { id } }))
  const deployment = () => asPlatform((tx) => tx.deployment.findFirst({ where: rows }))
  const replicas = () => asPlatform((tx) => tx.replica.findMany({ where: rows, orderBy: { id: 'asc' } }))
  return {
    tenant,
    application,
    manager,
    system,
    runtime,
    releases,
    rows,
    place,
    partsOf,
    ask,
    run,
    settle,
    rolloutOf,
    promotionOf,
    deployment,
    replicas,
  }
}

export type RolloutStage = Awaited<ReturnType<typeof makeRolloutStage>>
