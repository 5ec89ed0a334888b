// Drift of real processes, by the real prober: what is done by hand on the machine is found, said and told, and forgotten when it is undone.
import { appendFileSync, chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canonicalJson, sha256Hex } from '#lib/platform/canonical-json'
import { newId } from '#lib/platform/id'
import { probeReplica } from '#lib/readiness/commands/probe-replica'
import { startProber } from '#lib/readiness/commands/start-prober'
import { getDeployment } from '#lib/readiness/queries/get-readiness'
import type { DesiredComponent, DesiredState } from '#lib/runtime/driver'
import { stopAllReplicas } from '#lib/runtime/drivers'
import { ProcessDriver } from '#lib/runtime/drivers/process/process-driver'
import { componentSpecSchema } from '#lib/tenants/component-spec'
import { useTestDatabase } from '#lib/testing/database'
import { eventually } from '#lib/testing/eventually'
import { actAs, asPlatform, environmentId, makeApplication, makeTenant } from '#lib/testing/factories'
import { writeFalseJava } from '#lib/testing/false-java'
import { TestImages, wiremockJars } from '#lib/testing/images'
import { makeRelease } from '#lib/testing/releases'

useTestDatabase()

const promisedConfig = `sha256:${'c'.repeat(64)}`
const otherConfig = `sha256:${'d'.repeat(64)}`
/** What an operator may count on. */
const foundWithinMs = 15_000
const signal = new AbortController().signal
const before = { data: process.env['CAISSON_DATA'], java: process.env['CAISSON_JAVA'] }
let folder: string
let driver: ProcessDriver
let digests: { promised: string; released: string; foreign: string }

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'caisson-drift-'))
  process.env['CAISSON_DATA'] = folder
  process.env['CAISSON_JAVA'] = writeFalseJava(folder)
  const images = new TestImages(join(folder, 'blobs'))
  driver = new ProcessDriver(images, { open: async () => new Map() })
  digests = { promised: await images.add(wiremockJars.older), released: await images.add(wiremockJars.newer), foreign: '' }
  // The same layers under a manifest that nobody sealed.
  const manifest = JSON.parse(Buffer.from(await images.manifest({ digest: digests.promised })).toString('utf8')) as object
  const bytes = Buffer.from(JSON.stringify({ ...manifest, annotations: { by: 'hand' } }))
  digests.foreign = `sha256:${sha256Hex(bytes)}`
  images.manifests.set(digests.foreign, bytes)
}, 120_000)

afterAll(async () => {
  await stopAllReplicas()
  rmSync(folder, { recursive: true, force: true })
  for (const [key, value] of [
    ['CAISSON_DATA', before.data],
    ['CAISSON_JAVA', before.java],
  ] as const) {
    if (value === undefined) delete process.env[key]
    else process.env[key] = value
  }
}, 60_000)

describe('drift on the process runtime', () => {
  it('is found within 15 s of whatever was done by hand, with what it is and where, is told once, and ends when it is undone', async () => {
    const tenant = await makeTenant()
    const application = await makeApplication(tenant)
    const reader = await actAs(tenant, 'sre')
    const rows = { environmentId: await environmentId(tenant, 'dev'), applicationId: application.id }
    const { id: releaseId } = await makeRelease(tenant, application, 'v1.0.0', { digest: digests.promised })
    await makeRelease(tenant, application, 'v1.1.0', { digest: digests.released })
    const spec = componentSpecSchema.parse({ arguments: ['--port', '${PORT}'], readiness: { kind: 'http', path: '/', intervalMs: 500 } })
    const component = (digest: string): DesiredComponent => ({
      name: 'app',
      repository: `${tenant.slug}/${application.slug}`,
      digest,
      spec,
      replicas: 1,
      environment: { GREETING: 'hello' },
      jvmArguments: [],
      files: { 'app.properties': 'a=1' },
    })
    const target = { tenantId: tenant.id, tenant: tenant.slug, environment: 'dev', application: application.slug, ...rows }
    const desired: DesiredState = {
      target,
      configHash: promisedConfig,
      components: [component(digests.promised)],
      strategy: { maxUnavailable: 0, maxSurge: 1 },
    }
    await asPlatform((tx) =>
      tx.deployment.create({
        data: {
          id: newId(),
          tenantId: tenant.id,
          ...rows,
          promotionId: newId(),
          releaseId,
          configRevision: 0,
          configHash: promisedConfig,
          desired: canonicalJson(desired),
          replicas: 1,
          wantedReplicas: 1,
        },
      }),
    )
    const start = (replicaId: string, digest: string, configHash = promisedConfig) =>
      driver.apply({ act: 'start', target, replicaId, component: component(digest), configHash }, { fencingToken: 1n, signal })
    const stop = (replicaId: string) =>
      driver.apply({ act: 'stop', target, replicaId, drainMs: 0, stopTimeoutMs: 5000 }, { fencingToken: 1n, signal })
    const stopping = new AbortController()
    const parts = { driverFor: () => driver, probe: probeReplica, memory: new Map(), signal: stopping.signal }
    const prober = startProber({ parts, tickMs: 100, isLeader: () => Promise.resolve(true) })
    const view = () => getDeployment(reader, { application: application.slug, environment: 'dev' })
    const calm = () =>
      eventually('it is ready, and as promised', async () => {
        const { state, replicas } = await view()
        return state === 'ready' && replicas.every(({ drift }) => drift === 'none')
      })
    const found = async (drift: string, reason: string) => {
      const since = Date.now()
      const seen = await eventually(`${drift} is found`, async () => {
        const now = await view()
        const replica = now.replicas.find((one) => one.drift === drift)
        return now.reason === reason && replica ? { ...now, replica } : undefined
      })
      expect(Date.now() - since).toBeLessThan(foundWithinMs)
      expect(seen).toMatchObject({ state: 'degraded', isMixed: true })
      return seen.replica
    }
    try {
      await start('r-one', digests.promised)
      await calm()

      await start('r-hand', digests.released)
      expect(await found('digest', 'mixed_digests')).toMatchObject({ id: 'r-hand', digest: digests.released })
      await stop('r-hand')
      await calm()

      await start('r-hand', digests.promised, otherConfig)
      expect(await found('config', 'config_drift')).toMatchObject({ id: 'r-hand', configHash: otherConfig })
      await stop('r-hand')
      await calm()

      await start('r-hand', digests.foreign)
      expect(await found('unknown_digest', 'unknown_digest')).toMatchObject({ id: 'r-hand', digest: digests.foreign })
      // Whoever writes a promised digest into its record changes nothing about what its process runs.
      const record = join(folder, 'runtime/targets', tenant.slug, 'dev', application.slug, 'r-hand/state.json')
      writeFileSync(record, readFileSync(record, 'utf8').replaceAll(digests.foreign, digests.promised))
      await eventually('the prober has looked again', async () => {
        const [row] = await asPlatform(
          (tx) => tx.$queryRaw<{ at: Date }[]>`select observed_at as at from deployment where application_id = ${application.id}`,
        )
        return row && row.at.getTime() > Date.now() - 500
      })
      expect(await found('unknown_digest', 'unknown_digest')).toMatchObject({ digest: digests.foreign })
      await stop('r-hand')
      await calm()

      writeFileSync(join(folder, 'runtime/targets', tenant.slug, 'dev', application.slug, 'r-one/files/app.properties'), 'a=2')
      expect(await found('config_altered', 'config_altered')).toMatchObject({ id: 'r-one', driftDetail: 'files/app.properties was changed' })
      writeFileSync(join(folder, 'runtime/targets', tenant.slug, 'dev', application.slug, 'r-one/files/app.properties'), 'a=1')
      await calm()

      const image = join(folder, 'runtime/images', digests.promised.slice('sha256:'.length))
      const [jar = ''] = readdirSync(join(image, 'app')).filter((name) => name.endsWith('.jar'))
      chmodSync(join(image, 'app', jar), 0o644)
      appendFileSync(join(image, 'app', jar), 'more')
      expect(await found('image_altered', 'image_altered')).toMatchObject({ id: 'r-one', driftDetail: `app/${jar} was changed` })

      // The next start takes no altered image: it is unpacked anew, and who runs the old one is still told apart.
      await start('r-two', digests.promised)
      const again = await eventually('both are seen', async () => {
        const { replicas } = await view()
        const two = replicas.find(({ id }) => id === 'r-two')
        return two?.state === 'ready' ? replicas : undefined
      })
      expect(again.map(({ id, drift }) => `${id} ${drift}`)).toEqual(['r-one image_altered', 'r-two none'])
      expect(again[0]?.driftDetail).toContain('had to be replaced')
    } finally {
      stopping.abort()
      await prober
    }
    const entries = await asPlatform((tx) =>
      tx.auditEntry.findMany({ where: { log: tenant.id, action: { startsWith: 'deployment.drift' } }, orderBy: { at: 'asc' } }),
    )
    expect(
      entries.map(({ action, content }) => [
        action,
        ...(JSON.parse(content) as { after: { replicas: { drift: string }[] } }).after.replicas.map(({ drift }) => drift),
      ]),
    ).toEqual([
      ['deployment.drift_found', 'digest'],
      ['deployment.drift_ended'],
      ['deployment.drift_found', 'config'],
      ['deployment.drift_ended'],
      ['deployment.drift_found', 'unknown_digest'],
      ['deployment.drift_ended'],
      ['deployment.drift_found', 'config_altered'],
      ['deployment.drift_ended'],
      ['deployment.drift_found', 'image_altered'],
    ])
  }, 120_000)
})
