// A1–A3: from the last byte of a Spring Boot JAR on disk to its manifest in a registry. Ours is the intake as the server runs it
// (inspection, layers, rows, audit entry). Peers: jib-core in a new and in a warm JVM, pushing to docker-registry, and umoci,
// which is given our layers as finished archives.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { figureOf, interleave, millisecondsOf, type Figure } from '#bench/measure'
import { withOneMoreClass } from '#bench/one-more-class'
import type { Bench } from '#bench/run'
import { openStage, provide, run, startServer, type Stage } from '#bench/stage'
import type { TenantContext } from '#lib/platform/context'
import { blobFolder } from '#lib/platform/disk-blob-store'
import { freePort } from '#lib/platform/postgres/embedded'
import { receiveArtifact } from '#lib/releases/commands/receive-artifact'
import { sealRelease } from '#lib/releases/commands/seal-release'
import { actAs, asPlatform, makeApplication, makeTenant } from '#lib/testing/factories'

const rounds = 5
const cached = join(homedir(), '.cache/caisson-test')
const jar = join(cached, 'maven/zipkin-server-3.5.1-exec.jar')
const jib = join(cached, 'jib-core-0.27.3')

export const imageBench: Bench = {
  ids: ['A1', 'A2', 'A3'],
  async *run(wanted) {
    provide('image-builders')
    await using stage = await openStage()
    const port = await freePort()
    await using _registry = await startServer('docker-registry', ['serve', registryConfig(stage.dir, port)], port)
    const benches = { A1: cold, A2: oneClassChanged, A3: unchanged }
    for (const [id, bench] of Object.entries(benches)) {
      if (!wanted.includes(id)) continue
      await using warm = new WarmJib()
      yield* await bench(stage, `127.0.0.1:${port}`, warm)
    }
  },
}

async function cold({ dir }: Stage, registry: string, warm: WarmJib): Promise<Figure[]> {
  const layers = await layerFiles(dir)
  const digests = new Set<string>()
  const found = await interleave(rounds, {
    ours: async () => {
      rmSync(join(blobFolder(), 'sha256'), { recursive: true, force: true })
      const sealed = await seal(await newIntake(), jar)
      digests.add(sealed.digest)
      return sealed.ms
    },
    umoci: async (round) => umociMs(join(dir, `umoci-${round}`), layers),
    fresh: async (round) => freshJibMs(jar, `${registry}/cold-fresh-${round}:1`, emptyFolder(dir, 'jib-fresh')),
    warm: async (round) => warm.build(jar, `${registry}/cold-warm-${round}:1`, emptyFolder(dir, 'jib-warm')),
  })
  if (digests.size !== 1) throw new Error(`A1: the same JAR gave ${digests.size} images`)
  const what = `${megabytes(jar)} Spring Boot JAR to image, nothing cached`
  const compared = (name: string, values: number[], floor: number, target: number) =>
    figureOf({
      id: 'A1',
      what,
      unit: 'ms',
      ours: found.ours,
      peer: { name, values },
      goal: { of: 'ratio', bound: 'at most', floor, target },
    })
  return [
    compared('umoci', found.umoci, 1.5, 1),
    compared('jib-core, new JVM', found.fresh, 1 / 4, 1 / 8),
    compared('jib-core, warm JVM', found.warm, 1 / 2, 1 / 4),
  ]
}

/** Each round adds another class to the same JAR, which everybody has built before. */
async function oneClassChanged({ dir }: Stage, registry: string, warm: WarmJib): Promise<Figure[]> {
  const intake = await newIntake()
  await seal(intake, jar)
  const cache = emptyFolder(dir, 'jib-cache')
  await warm.build(jar, `${registry}/changed:0`, cache)
  const written: number[] = []
  const found = await interleave(rounds, {
    ours: async (round) => {
      const before = blobFiles()
      const { ms, layers, jarDigest } = await seal(intake, changedJar(dir, round))
      const changed = layers.at(-1)?.sizeBytes ?? 0
      if (round > 0) written.push(bytesWritten(before, jarDigest) - changed)
      return ms
    },
    fresh: async (round) => freshJibMs(changedJar(dir, round), `${registry}/changed:${round + 1}`, cache),
  })
  return [
    figureOf({
      id: 'A2',
      what: 'the same JAR with one class more',
      unit: 'ms',
      ours: found.ours,
      peer: { name: 'jib-core, new JVM', values: found.fresh },
      goal: { of: 'ratio', bound: 'at most', floor: 1 / 8, target: 1 / 15 },
    }),
    figureOf({
      id: 'A2',
      what: 'bytes written beside the layer that changed',
      unit: 'bytes',
      ours: written,
      goal: { of: 'ours', bound: 'at most', floor: 8192, target: 8192 },
    }),
  ]
}

async function unchanged({ dir }: Stage, registry: string, warm: WarmJib): Promise<Figure[]> {
  const intake = await newIntake()
  const { digest } = await seal(intake, jar)
  const cache = emptyFolder(dir, 'jib-cache')
  const found = await interleave(rounds * 2, {
    ours: async () => {
      const again = await seal(intake, jar)
      if (again.digest !== digest) throw new Error('A3: the same JAR gave another image')
      return again.ms
    },
    warm: async () => warm.build(jar, `${registry}/unchanged:1`, cache),
  })
  return [
    figureOf({
      id: 'A3',
      what: 'the same JAR again',
      unit: 'ms',
      ours: found.ours,
      peer: { name: 'jib-core, warm JVM', values: found.warm },
      goal: { of: 'ours', bound: 'at most', floor: 50, target: 10 },
    }),
  ]
}

interface Intake {
  ctx: TenantContext
  application: string
}

async function newIntake(): Promise<Intake> {
  const tenant = await makeTenant()
  return { ctx: await actAs(tenant, 'release_manager', 'tenant_admin', 'developer'), application: (await makeApplication(tenant)).slug }
}

interface Sealed {
  ms: number
  digest: string
  jarDigest: string
  layers: { digest: string; diffId: string; sizeBytes: number }[]
}

/** Receives the file as an upload is received; the clock starts with its last byte on disk. */
async function seal({ ctx, application }: Intake, path: string): Promise<Sealed> {
  const received = await receiveArtifact(ctx, createReadStream(path))
  let digest = ''
  const ms = await millisecondsOf(async () => {
    const { release } = await sealRelease(ctx, { application, fileName: 'zipkin.jar' }, received)
    digest = release.components[0]?.digest ?? ''
  })
  await received.discard()
  const image = await asPlatform((tx) => tx.image.findFirstOrThrow({ where: { tenantId: ctx.tenant.id, digest } }))
  return { ms, digest, jarDigest: received.digest, layers: JSON.parse(image.layers) as Sealed['layers'] }
}

/** Our layers as files, for umoci. */
async function layerFiles(dir: string): Promise<{ path: string; diffId: string }[]> {
  const { layers } = await seal(await newIntake(), jar)
  return layers.map(({ digest, diffId }, index) => {
    const path = join(dir, `layer-${index}.tar`)
    writeFileSync(path, readFileSync(blobPath(digest)))
    return { path, diffId }
  })
}

async function umociMs(layout: string, layers: readonly { path: string; diffId: string }[]): Promise<number> {
  const ms = await millisecondsOf(async () => {
    run('umoci', ['init', '--layout', layout])
    run('umoci', ['new', '--image', `${layout}:v1`])
    for (const { path } of layers) run('umoci', ['raw', 'add-layer', '--image', `${layout}:v1`, path])
  })
  const told = run('skopeo', ['inspect', '--config', `oci:${layout}:v1`])
  const missing = layers.find(({ diffId }) => !told.includes(diffId))
  if (missing) throw new Error(`A1: umoci's image lacks ${missing.diffId}`)
  rmSync(layout, { recursive: true, force: true })
  return ms
}

const javaArguments = ['-DsendCredentialsOverHttp=true', '-cp', `${jib}/classes:${jib}/lib/*`, 'JibPeer']

async function freshJibMs(path: string, reference: string, cache: string): Promise<number> {
  return millisecondsOf(async () => {
    demandDigest(run('java', javaArguments, { input: `${path}\t${reference}\t${cache}\n` }))
  })
}

/** One JVM for all builds. */
class WarmJib {
  readonly #child = spawn('java', javaArguments, { stdio: ['pipe', 'pipe', 'inherit'] })
  readonly #lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()

  async build(path: string, reference: string, cache: string): Promise<number> {
    this.#child.stdin.write(`${path}\t${reference}\t${cache}\n`)
    const { value } = await this.#lines.next()
    return demandDigest(value ?? '')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#child, 'close')
    this.#child.stdin.end()
    await closed
  }
}

/** The milliseconds of an answer `1234.5 sha256:…`. */
function demandDigest(answer: string): number {
  if (!/^[\d.]+ sha256:[0-9a-f]{64}\s*$/.test(answer)) throw new Error(`jib-core answered ${answer || 'nothing'}`)
  return Number(answer.split(' ')[0])
}

function registryConfig(dir: string, port: number): string {
  const path = join(dir, 'registry.yml')
  const lines = [
    'version: 0.1',
    'log: { level: error, accesslog: { disabled: true } }',
    `storage: { filesystem: { rootdirectory: ${join(dir, 'registry')} } }`,
    `http: { addr: 127.0.0.1:${port} }`,
  ]
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

function changedJar(dir: string, round: number): string {
  const path = join(dir, `changed-${round}.jar`)
  writeFileSync(path, withOneMoreClass(readFileSync(jar), `BOOT-INF/classes/bench/Round${round}.class`, Buffer.from(`class of round ${round}`)))
  return path
}

function emptyFolder(dir: string, name: string): string {
  const path = join(dir, name)
  rmSync(path, { recursive: true, force: true })
  mkdirSync(path, { recursive: true })
  return path
}

const blobPath = (digest: string) => join(blobFolder(), 'sha256', digest.slice(7, 9), digest.slice(7))

function blobFiles(): Map<string, number> {
  const files = readdirSync(join(blobFolder(), 'sha256'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return new Map(files.map(({ name }) => [name, statSync(blobPath(`sha256:${name}`)).ino]))
}

/** Of blobs that are new or were written again; the JAR itself was there with its last byte. */
function bytesWritten(before: ReadonlyMap<string, number>, jarDigest: string): number {
  const fresh = [...blobFiles()].filter(([name, inode]) => before.get(name) !== inode && `sha256:${name}` !== jarDigest)
  return fresh.reduce((sum, [name]) => sum + statSync(blobPath(`sha256:${name}`)).size, 0)
}

const megabytes = (path: string) => `${Math.round(statSync(path).size / 1e6)} MB`
