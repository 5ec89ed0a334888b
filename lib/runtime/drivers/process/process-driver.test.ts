import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DesiredComponent } from '#lib/runtime/driver'
import { stopAllReplicas } from '#lib/runtime/drivers'
import { replicaFolder } from '#lib/runtime/drivers/process/folders'
import { ProcessDriver } from '#lib/runtime/drivers/process/process-driver'
import { fileNames, readJson, type ReplicaRecord } from '#lib/runtime/drivers/process/records'
import type { SecretSource } from '#lib/runtime/secret-source'
import { componentSpecSchema } from '#lib/tenants/component-spec'
import { eventually } from '#lib/testing/eventually'
import { TestImages, wiremockJars } from '#lib/testing/images'
import { describeRuntime, makeTarget } from '#lib/testing/runtime-contract'

const signal = new AbortController().signal
const configHash = `sha256:${'c'.repeat(64)}`
const previousData = process.env['CAISSON_DATA']
let folder: string
let driver: ProcessDriver
let components: [DesiredComponent, DesiredComponent]
/** What the sealed values would be; a test adds to it. */
const sealed = new Map<string, string>()
const secrets: SecretSource = { open: async (_target, ids) => new Map(ids.map((id) => [id, sealed.get(id) ?? ''])) }

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'caisson-process-'))
  process.env['CAISSON_DATA'] = folder
  const images = new TestImages(join(folder, 'blobs'))
  driver = new ProcessDriver(images, secrets)
  components = [component(await images.add(wiremockJars.older)), component(await images.add(wiremockJars.newer))]
}, 120_000)

afterAll(async () => {
  await stopAllReplicas()
  rmSync(folder, { recursive: true, force: true })
  if (previousData === undefined) delete process.env['CAISSON_DATA']
  else process.env['CAISSON_DATA'] = previousData
}, 120_000)

function component(digest: string, more: Partial<DesiredComponent> = {}): DesiredComponent {
  const spec = componentSpecSchema.parse({ arguments: ['--port', '${PORT}'], readiness: { kind: 'http', path: '/__admin/health' } })
  return { name: 'app', repository: 'main/shop', digest, spec, replicas: 1, environment: {}, jvmArguments: ['-XX:TieredStopAtLevel=1'], ...more }
}

function filesBelow(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

async function serves(address: string): Promise<boolean> {
  const answer = await fetch(`http://${address}/__admin/health`).catch(() => undefined)
  return answer?.status === 200
}

describeRuntime('the process runtime', async () => ({
  driver,
  components,
  serves: ({ address }) => serves(address),
  close: async () => {},
}))

describe('the process runtime', () => {
  const target = makeTarget()
  const start = (replicaId: string, one: DesiredComponent) =>
    driver.apply({ act: 'start', target, replicaId, component: one, configHash }, { fencingToken: 1n, signal })
  const stop = (replicaId: string) =>
    driver.apply({ act: 'stop', target, replicaId, drainMs: 0, stopTimeoutMs: 10_000 }, { fencingToken: 1n, signal })
  const seen = async (replicaId: string) => (await driver.observe(target)).find((one) => one.replicaId === replicaId)
  const serving = (replicaId: string) =>
    eventually(`${replicaId} serves`, async () => {
      const one = await seen(replicaId)
      return one?.state === 'running' && (await serves(one.address)) ? one : undefined
    })
  const recordOf = (replicaId: string) => {
    const record = readJson<ReplicaRecord>(replicaFolder(target, replicaId), fileNames.record)
    if (!record) throw new Error(`no record of ${replicaId}`)
    return record
  }

  it('gives a replica what it needs and nothing of the server', async () => {
    process.env['CAISSON_TEST_SECRET'] = 'a secret of the server'
    await start('r-env', component(components[0].digest, { environment: { GREETING: 'from ${DATA_DIR} at ${PORT}' } }))
    await serving('r-env')
    const { port, process: mark } = recordOf('r-env')
    const environ = Object.fromEntries(
      readFileSync(`/proc/${mark?.pid}/environ`, 'utf8')
        .split('\0')
        .filter((line) => line !== '')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    )
    delete process.env['CAISSON_TEST_SECRET']
    const dataDir = join(replicaFolder(target, 'r-env'), 'data')
    expect(environ).toEqual({
      PATH: process.env['PATH'],
      HOME: dataDir,
      LANG: 'C.UTF-8',
      GREETING: `from ${dataDir} at ${port}`,
      CAISSON_REPLICA_ID: 'r-env',
    })
    const cmdline = readFileSync(`/proc/${mark?.pid}/cmdline`, 'utf8').split('\0')
    expect(cmdline[1]).toBe('-XX:MaxRAM=512m')
    expect(cmdline.slice(4, 6)).toEqual(['-XX:TieredStopAtLevel=1', '-jar'])
    const jar = cmdline[6] ?? ''
    expect(readFileSync(jar).equals(readFileSync(wiremockJars.older))).toBe(true)
    await stop('r-env')
  })

  it('S1.13: gives it files and secrets, and the secrets are nowhere else on this machine, nor after it ended', async () => {
    const value = `s3cret-${randomBytes(12).toString('hex')}`
    sealed.set('version-1', value)
    const secret = (key: string, deliver: 'environment' | 'file') => ({ key, name: 'db', versionId: 'version-1', fingerprint: 'f', deliver })
    const files = { 'config/app.properties': 'port=${PORT}' }
    const environment = { CONFIG: '${FILES_DIR}/config/app.properties' }
    const delivered = [secret('DB_PASSWORD', 'environment'), secret('DB_FILE', 'file')]
    await start('r-secret', component(components[0].digest, { environment, files, secrets: delivered }))
    await serving('r-secret')
    const home = replicaFolder(target, 'r-secret')
    const { process: software, launcher } = recordOf('r-secret')
    const environ = readFileSync(`/proc/${software?.pid}/environ`, 'utf8').split('\0')
    expect(environ).toContain(`DB_PASSWORD=${value}`)
    expect(environ).toContain(`DB_FILE=${home}/secrets/DB_FILE`)
    expect(environ).toContain(`CONFIG=${home}/files/config/app.properties`)
    expect(readFileSync(join(home, 'files/config/app.properties'), 'utf8')).toBe('port=${PORT}')
    expect(readFileSync(join(home, 'secrets/DB_FILE'), 'utf8')).toBe(value)
    expect([statSync(join(home, 'secrets')).mode & 0o777, statSync(join(home, 'secrets/DB_FILE')).mode & 0o777]).toEqual([0o700, 0o600])
    for (const name of ['cmdline', 'environ']) expect(readFileSync(`/proc/${launcher.pid}/${name}`, 'utf8')).not.toContain(value)
    expect(readFileSync(`/proc/${software?.pid}/cmdline`, 'utf8')).not.toContain(value)
    const holds = () => filesBelow(folder).filter((file) => readFileSync(file).includes(value))
    expect(holds()).toEqual([join(home, 'secrets/DB_FILE')])
    // What dies is started again by its launcher, which needs nobody for it.
    process.kill(software?.pid ?? 0, 'SIGKILL')
    await eventually('it runs again', async () => (await seen('r-secret'))?.restarts === 1 && (await serving('r-secret')))
    expect(readFileSync(`/proc/${recordOf('r-secret').process?.pid}/environ`, 'utf8')).toContain(`DB_PASSWORD=${value}`)
    await stop('r-secret')
    expect(holds()).toEqual([])
  })

  it('starts what dies again, says so, and runs it with the same number', async () => {
    await start('r-dies', components[0])
    const { address, startedAt } = await serving('r-dies')
    process.kill(recordOf('r-dies').process?.pid ?? 0, 'SIGKILL')
    await eventually('it is shown as ended', async () => (await seen('r-dies'))?.reason === 'killed_9')
    const again = await serving('r-dies')
    expect(again).toMatchObject({ restarts: 1, address, reason: '' })
    expect(again.startedAt?.getTime()).toBeGreaterThan(startedAt?.getTime() ?? Infinity)
    expect(recordOf('r-dies').lastExit).toBe('killed_9')
    await stop('r-dies')
    expect(await seen('r-dies')).toBeUndefined()
  })

  it('adopts software whose launcher was killed, ends it when told to, and says when both are lost', async () => {
    await start('r-orphan', components[0])
    await serving('r-orphan')
    process.kill(recordOf('r-orphan').launcher.pid, 'SIGKILL')
    await eventually('the launcher is gone', () => !isRunning(recordOf('r-orphan').launcher.pid))
    expect(await seen('r-orphan')).toMatchObject({ state: 'running', restarts: 0 })
    await start('r-orphan', components[0])
    expect(await seen('r-orphan')).toMatchObject({ state: 'running', restarts: 0 })
    const { pid = 0 } = recordOf('r-orphan').process ?? {}
    process.kill(pid, 'SIGKILL')
    await eventually('it is lost', async () => (await seen('r-orphan'))?.reason === 'lost')
    expect(await seen('r-orphan')).toMatchObject({ state: 'exited', address: '' })
    await start('r-orphan', components[0])
    await serving('r-orphan')
    const { launcher, process: software } = recordOf('r-orphan')
    process.kill(launcher.pid, 'SIGKILL')
    await eventually('the launcher is gone', () => !isRunning(launcher.pid))
    await stop('r-orphan')
    expect(isRunning(software?.pid ?? 0)).toBe(false)
  })

  it('stops everything in order and raises it again under the same ids', async () => {
    await Promise.all([start('r-a', components[0]), start('r-b', components[1])])
    await Promise.all([serving('r-a'), serving('r-b')])
    expect(await stopAllReplicas()).toBe(2)
    expect(await driver.observe(target)).toMatchObject([
      { replicaId: 'r-a', state: 'exited', reason: 'stopped', address: '' },
      { replicaId: 'r-b', state: 'exited', reason: 'stopped', address: '' },
    ])
    await start('r-a', components[0])
    expect(await serving('r-a')).toMatchObject({ digest: components[0].digest })
    await Promise.all([stop('r-a'), stop('r-b')])
    expect(await driver.observe(target)).toEqual([])
  })

  it('ends a replica with the folder that it lives in', async () => {
    await start('r-gone', components[0])
    await serving('r-gone')
    const { launcher, process: software } = recordOf('r-gone')
    renameSync(replicaFolder(target, 'r-gone'), join(folder, 'taken-away'))
    await eventually('both are gone', () => !isRunning(launcher.pid) && !isRunning(software?.pid ?? 0))
    expect(await seen('r-gone')).toBeUndefined()
  })

  it('says what to do without Java, and refuses what needs a newer one', async () => {
    const accepted = await driver.accepts(components[0], { javaLevel: 99 })
    expect(accepted).toMatchObject({ accepted: false, fix: expect.stringContaining('CAISSON_JAVA') as string })
    process.env['CAISSON_JAVA'] = '/nowhere/java'
    try {
      expect(await driver.check()).toMatchObject({ isAvailable: false, fix: expect.stringContaining('CAISSON_JAVA') as string })
      await expect(start('r-java', components[0])).rejects.toMatchObject({ code: 'runtime_unavailable' })
    } finally {
      delete process.env['CAISSON_JAVA']
    }
  })
})

function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
