import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hexOf } from '#lib/oci/digest'
import type { DesiredComponent } from '#lib/runtime/driver'
import { stopAllReplicas } from '#lib/runtime/drivers'
import { imagesFolder, replicaFolder } from '#lib/runtime/drivers/process/folders'
import { ProcessDriver } from '#lib/runtime/drivers/process/process-driver'
import { fileNames } from '#lib/runtime/drivers/process/records'
import { componentSpecSchema } from '#lib/tenants/component-spec'
import { eventually } from '#lib/testing/eventually'
import { writeFalseJava } from '#lib/testing/false-java'
import { TestImages, wiremockJars } from '#lib/testing/images'
import { makeTarget } from '#lib/testing/runtime-contract'

const signal = new AbortController().signal
const before = { CAISSON_DATA: process.env['CAISSON_DATA'], CAISSON_JAVA: process.env['CAISSON_JAVA'] }
const target = makeTarget()
let folder: string
let driver: ProcessDriver
let digest: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'caisson-examine-'))
  Object.assign(process.env, { CAISSON_DATA: folder, CAISSON_JAVA: writeFalseJava(folder) })
  const images = new TestImages(join(folder, 'blobs'))
  driver = new ProcessDriver(images, { open: async () => new Map() })
  digest = await images.add(wiremockJars.older)
}, 120_000)

afterAll(async () => {
  await stopAllReplicas()
  rmSync(folder, { recursive: true, force: true })
  for (const [key, value] of Object.entries(before)) {
    if (value === undefined) delete process.env[key]
    else process.env[key] = value
  }
}, 60_000)

function component(spec: Record<string, unknown> = { arguments: ['--port', '${PORT}'] }): DesiredComponent {
  const environment = { GREETING: 'hello at ${PORT}' }
  return { name: 'app', repository: 'main/shop', digest, spec: componentSpecSchema.parse(spec), replicas: 1, environment, jvmArguments: [] }
}

const start = (replicaId: string, one = component()) =>
  driver.apply({ act: 'start', target, replicaId, component: one, configHash: 'c' }, { fencingToken: 1n, signal })
const seen = async (replicaId: string) => (await driver.observe(target)).find((one) => one.replicaId === replicaId)
const running = (replicaId: string) => eventually(`${replicaId} runs`, async () => (await seen(replicaId))?.state === 'running')
const altered = (replicaId: string) => eventually(`${replicaId} is altered`, async () => (await seen(replicaId))?.alteration)
const calm = (replicaId: string) => eventually(`${replicaId} is as it was`, async () => (await seen(replicaId))?.alteration === undefined)

/** Writes into a file of a replica by hand; the answer undoes it. */
function edit(replicaId: string, file: string, from: string, to: string): () => void {
  const path = join(replicaFolder(target, replicaId), file)
  const text = readFileSync(path, 'utf8')
  expect(text).toContain(from)
  writeFileSync(path, text.replace(from, to))
  return () => writeFileSync(path, text)
}

describe('what a replica really runs', () => {
  it('is told by its process and by the files on the disk, whatever was written down about it', async () => {
    await start('r-one')
    await running('r-one')
    expect(await seen('r-one')).toMatchObject({ digest, configHash: 'c' })
    expect((await seen('r-one'))?.alteration).toBeUndefined()

    const cases: [file: string, from: string, to: string, detail: string][] = [
      [fileNames.intent, 'hello at', 'goodbye at', 'GREETING is not what it was started with'],
      [fileNames.intent, '--port', '--other-port', 'its command line is not the one that it was started with'],
      [fileNames.record, '"configHash": "c"', '"configHash": "d"', 'its launcher wrote down something else than it was told to start'],
    ]
    for (const [file, from, to, detail] of cases) {
      const undo = edit('r-one', file, from, to)
      expect(await altered('r-one')).toEqual({ of: 'configuration', detail })
      undo()
      await calm('r-one')
    }

    const image = join(imagesFolder(), hexOf(digest))
    writeFileSync(join(image, 'app/evil.jar'), 'x')
    expect(await altered('r-one')).toEqual({ of: 'image', detail: 'app/evil.jar was added' })
    rmSync(join(image, 'app/evil.jar'))
    await calm('r-one')
    renameSync(image, `${image}-away`)
    expect(await altered('r-one')).toMatchObject({ of: 'image', detail: expect.stringContaining('gone') })
    renameSync(`${image}-away`, image)
    await calm('r-one')
  }, 60_000)
})

describe('what runs once', () => {
  it('S3.4, S3.26: is completed when it ends with 0, failed with anything else, and is started once', async () => {
    const once = (code: number) => component({ runs: 'once', arguments: ['--exit', String(code)] })
    await Promise.all([start('r-done', once(0)), start('r-bad', once(1))])
    await eventually('both have ended', async () => (await seen('r-done'))?.state === 'exited' && (await seen('r-bad'))?.state === 'exited')
    const lock = (id: string) => existsSync(join(replicaFolder(target, id), fileNames.lock))
    await eventually('their launchers too', () => !lock('r-done') && !lock('r-bad'))
    expect(await seen('r-done')).toMatchObject({ state: 'exited', reason: 'completed', restarts: 0, address: '' })
    expect(await seen('r-bad')).toMatchObject({ state: 'exited', reason: 'exit_1', restarts: 0 })
    await start('r-done', once(1))
    expect(await seen('r-done')).toMatchObject({ state: 'exited', reason: 'completed' })
  }, 60_000)
})
