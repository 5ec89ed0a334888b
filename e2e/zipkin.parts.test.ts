// The main job by the command line alone, with a layered Spring Boot JAR that nobody here wrote: sealed once, lifted from dev to
// prod as the same bytes, rolled back. scripts/parts/zipkin.sh brings the JARs, scripts/parts/oci-clients.sh brings skopeo.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createGunzip, inflateRawSync } from 'node:zlib'
import { extract } from 'tar-stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wiremockJars } from '#lib/testing/images'
import { adminAccount, startCaisson, type Ended, type RunningCaisson } from '#lib/testing/running-caisson'

const folder = mkdtempSync(join(tmpdir(), 'caisson-zipkin-'))
const zipkin = (version: string): string => join(homedir(), '.cache/caisson-test/maven', `zipkin-server-${version}-exec.jar`)
const jars = { 'v3.4.4': zipkin('3.4.4'), 'v3.5.1': zipkin('3.5.1') }
const colleague = { email: 'approver@northwind.test', password: 'another long password' }
const environments = ['dev', 'staging', 'prod'] as const
let running: RunningCaisson
const sealed = new Map<string, string>()

/** A command of a person with a home of their own. */
function as(person: string, ...args: string[]): Promise<Ended> {
  return running.caisson(args, { env: { XDG_CONFIG_HOME: join(folder, person), CAISSON_URL: running.url } })
}

// oxlint-disable-next-line typescript/no-explicit-any -- answers of every shape
async function json(person: string, ...args: string[]): Promise<any> {
  const { code, out, err } = await as(person, ...args, '--json')
  if (code !== 0) throw new Error(`caisson ${args.join(' ')} ended with ${code}: ${err}`)
  return JSON.parse(out)
}

/** Exit code and code of a refusal; nothing may be on stdout. */
async function refusal(person: string, ...args: string[]): Promise<string> {
  const { code, out, err } = await as(person, ...args, '--json')
  expect(out).toBe('')
  const problem = JSON.parse(err) as { code: string; detail: string; fix: string }
  expect(problem.detail).not.toBe('')
  expect(problem.fix).not.toBe('')
  return `${code} ${problem.code}`
}

async function signIn(person: string, { email, password }: { email: string; password: string }): Promise<void> {
  const env = { XDG_CONFIG_HOME: join(folder, person) }
  expect(await running.caisson(['login', '--url', running.url, '--email', email], { env, input: `${password}\n` })).toMatchObject({ code: 0 })
}

/** Asks, has the colleague approve where somebody must, and stays to the end. */
async function lift(kind: 'promote' | 'rollback', environment: string, release: string, application = 'zipkin'): Promise<void> {
  const args = kind === 'promote' ? ['promote', application, release, '--to', environment] : ['rollback', application, environment, '--to', release]
  const asked = await json('admin', ...args, '--reason', 'the main job')
  if (asked.state === 'requested') await json('approver', 'approve', asked.id, '--yes')
  const { code, out, err } = await as('admin', 'promotion', asked.id, '--wait')
  expect({ code, err }).toMatchObject({ code: 0 })
  expect(out).toMatch(/^completed after [0-9.]+ s\n$/)
}

/** Digests that replicas were observed to run with, and the one that is promised. */
async function digestsIn(environment: string, application = 'zipkin'): Promise<string[]> {
  const cell = await json('admin', 'status', application, environment)
  expect(cell.now.running).toMatchObject({ state: 'ready' })
  return [...new Set<string>([cell.now.running.digest, ...cell.replicas.map(({ digest }: { digest: string }) => digest)])]
}

async function skopeo(token: string, ...args: string[]): Promise<Buffer> {
  const env = { ...process.env, HOME: folder, REGISTRY_AUTH_FILE: join(folder, 'auth.json') }
  const access =
    args[0] === 'copy' ? ['--src-tls-verify=false', '--src-creds', `token:${token}`] : ['--tls-verify=false', '--creds', `token:${token}`]
  const [command = '', ...rest] = args
  const { stdout } = await promisify(execFile)('skopeo', [command, ...access, ...rest], { env, encoding: 'buffer', maxBuffer: 16 * 1024 ** 2 })
  return stdout
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Path → sha256 of every file of an archive: read from its central directory, and by no code of the builder. */
function filesOfJar(path: string): Map<string, string> {
  const bytes = readFileSync(path)
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  const files = new Map<string, string>()
  let at = bytes.readUInt32LE(end + 16)
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, size, nameLength] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28)]
    const [rest, local] = [bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32), bytes.readUInt32LE(at + 42)]
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength)
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const packed = bytes.subarray(from, from + size)
    if (!name.endsWith('/')) files.set(name, sha256(method === 0 ? packed : inflateRawSync(packed)))
    at += 46 + nameLength + rest
  }
  return files
}

/** Path below /app → sha256 of every file of the layers of an image that skopeo left as an OCI layout. */
async function filesOfLayout(layout: string): Promise<Map<string, string>> {
  const blob = (digest: string): string => join(layout, 'blobs', digest.replace(':', '/'))
  const [only] = (JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as { manifests: { digest: string }[] }).manifests
  const { layers } = JSON.parse(readFileSync(blob(only?.digest ?? ''), 'utf8')) as { layers: { digest: string; mediaType: string }[] }
  const files = new Map<string, string>()
  for (const { digest, mediaType } of layers) {
    const tar = extract()
    const reading = mediaType.endsWith('gzip')
      ? pipeline(createReadStream(blob(digest)), createGunzip(), tar)
      : pipeline(createReadStream(blob(digest)), tar)
    for await (const entry of tar) {
      const hash = createHash('sha256')
      for await (const chunk of entry as AsyncIterable<Buffer>) hash.update(chunk)
      if (entry.header.type === 'file') files.set(entry.header.name.replace(/^\/?app\//, ''), hash.digest('hex'))
    }
    await reading
  }
  return files
}

beforeAll(async () => {
  running = await startCaisson()
  await signIn('admin', adminAccount)
  const invited = JSON.stringify({ email: colleague.email, roles: ['approver'] })
  const { token } = await json('admin', 'api', 'POST', '/tenants/{tenant}/invitations', invited)
  const accepted = JSON.stringify({ name: 'Approver', password: colleague.password })
  await json('approver', 'api', 'POST', `/invitations/${token}/acceptances`, accepted, '--url', running.url)
  await signIn('approver', colleague)
}, 400_000)

afterAll(async () => {
  await running.stop()
  rmSync(folder, { recursive: true, force: true })
}, 120_000)

describe('the main job with Zipkin, by the command line alone', () => {
  it('S2.3: uploads two releases, each built once, and neither again under another name', async () => {
    for (const [name, jar] of Object.entries(jars)) {
      const { code, out, err } = await as('admin', 'upload', jar, '--app', 'zipkin', '--create-app', '--name', name)
      expect({ code, err }).toMatchObject({ code: 0 })
      const digest = /JAR [0-9a-f]{12} → base none → image (sha256:[0-9a-f]{64})/.exec(out)?.[1] ?? ''
      expect(out).toContain(`next: caisson promote zipkin ${name} --to `)
      sealed.set(name, digest)
    }
    const again = await json('admin', 'upload', jars['v3.5.1'], '--app', 'zipkin', '--name', 'v3.5.1')
    expect(again).toMatchObject({ isNew: false, wasBuilt: false, release: { digest: sealed.get('v3.5.1') } })
    const renamed = await json('admin', 'upload', jars['v3.5.1'], '--app', 'zipkin', '--name', 'v3.5.2-preview1')
    expect(renamed).toMatchObject({ isNew: true, wasBuilt: false, release: { digest: sealed.get('v3.5.1') } })
    expect(sealed.get('v3.4.4')).not.toBe(sealed.get('v3.5.1'))
    const document = { jvmArguments: ['-XX:TieredStopAtLevel=1', '-Xmx256m'] }
    for (const environment of environments) {
      const revision = JSON.stringify({ environment, expected: 0, document })
      await json('admin', 'api', 'POST', '/tenants/{tenant}/applications/zipkin/config-revisions', revision)
    }
  })

  it('S2.13: refuses the wrong turns, each with its exit code', async () => {
    expect(await refusal('admin', 'promote', 'zipkin', 'v3.4.4', '--to', 'staging')).toBe('19 gates_blocked')
    expect(await refusal('admin', 'promote', 'zipkin', 'v3.4.4', '--to', 'moon')).toBe('15 not_found')
    expect(await refusal('admin', 'promote', 'zipkin', 'v9.9.9', '--to', 'dev')).toBe('15 not_found')
    expect(await refusal('admin', 'upload', jars['v3.5.1'], '--app', 'zipkin', '--name', 'v3.4.4')).toBe('16 tag_taken')
    expect(await refusal('approver', 'upload', jars['v3.5.1'], '--app', 'zipkin', '--name', 'v4.0.0')).toBe('13 forbidden')
    expect((await json('admin', 'promotions', '--app', 'zipkin')).items).toEqual([])
  })

  it('S2.12: lifts the older release from dev over staging to prod, there with the approval of another person', async () => {
    await lift('promote', 'dev', 'v3.4.4')
    await lift('promote', 'staging', 'v3.4.4')
    const asked = await json('admin', 'promote', 'zipkin', 'v3.4.4', '--to', 'prod', '--reason', 'the main job')
    expect(asked.state).toBe('requested')
    expect(await refusal('admin', 'approve', asked.id, '--yes')).toBe('21 own_request')
    expect((await json('admin', 'promotion', asked.id)).state).toBe('requested')
    expect((await as('approver', 'approvals')).out).toContain(asked.id)
    const approved = await running.caisson(['approve', asked.id], {
      env: { XDG_CONFIG_HOME: join(folder, 'approver'), CAISSON_URL: running.url },
      input: 'yes\n',
    })
    expect(approved).toMatchObject({ code: 0 })
    expect(approved.out).toContain(asked.planDigest)
    expect((await as('admin', 'promotion', asked.id, '--wait')).out).toMatch(/^completed after [0-9.]+ s\n$/)
    const { address } = await json('admin', 'status', 'zipkin', 'prod')
    expect(await (await fetch(`${address}/health`)).json()).toMatchObject({ status: 'UP' })
    expect((await as('admin', 'logs', 'zipkin', 'prod')).out).toMatch(/:: version 3\.4\.4 ::[^]*Serving HTTP at/)
  })

  it('S2.2: runs the byte-identical manifest everywhere, as skopeo reads it from the registry', async () => {
    await lift('promote', 'dev', 'v3.5.1')
    await lift('promote', 'staging', 'v3.5.1')
    await lift('promote', 'prod', 'v3.5.1')
    expect((await as('admin', 'status', 'zipkin')).out).toMatch(/^prod +v3\.5\.1 +[0-9a-f]{12} +ready 1\/1/m)
    const repository = `docker://127.0.0.1:${new URL(running.url).port}/main/zipkin`
    const { secret } = await json('admin', 'token', 'create', 'reader', '--can', 'tenant.read')
    const manifests = new Set<string>()
    for (const environment of environments) {
      const [digest = '', ...others] = await digestsIn(environment)
      expect(others).toEqual([])
      expect(digest).toBe(sealed.get('v3.5.1'))
      manifests.add((await skopeo(secret, 'inspect', '--raw', `${repository}@${digest}`)).toString('base64'))
    }
    expect(manifests.size).toBe(1)
    const [manifest = ''] = manifests
    expect(`sha256:${sha256(Buffer.from(manifest, 'base64'))}`).toBe(sealed.get('v3.5.1'))
    const inspected = JSON.parse((await skopeo(secret, 'inspect', `${repository}:v3.5.1`)).toString()) as { Digest: string; RepoTags: string[] }
    expect(inspected.Digest).toBe(sealed.get('v3.5.1'))
    expect(inspected.RepoTags.toSorted()).toEqual(['v3.4.4', 'v3.5.1', 'v3.5.2-preview1'])

    await skopeo(secret, 'copy', '--preserve-digests', `${repository}:v3.5.1`, `oci:${join(folder, 'layout')}:zipkin`)
    const [inJar, inLayers] = [filesOfJar(jars['v3.5.1']), await filesOfLayout(join(folder, 'layout'))]
    const classes = [...inJar].filter(([name]) => name.endsWith('.class'))
    expect(classes.length).toBeGreaterThan(100)
    expect(classes.filter(([name, hash]) => inLayers.get(name) !== hash)).toEqual([])
    expect([...inJar].filter(([name, hash]) => inLayers.get(name) !== hash)).toEqual([])
  })

  it('S2.14: goes back in prod to the release that ran there before', async () => {
    const { address } = await json('admin', 'status', 'zipkin', 'prod')
    await lift('rollback', 'prod', 'v3.4.4')
    expect(await digestsIn('prod')).toEqual([sealed.get('v3.4.4')])
    expect(await digestsIn('staging')).toEqual([sealed.get('v3.5.1')])
    expect((await json('admin', 'status', 'zipkin', 'prod')).address).toBe(address)
    expect((await fetch(`${address}/health`)).status).toBe(200)
  })

  it('runs the very JAR that was sealed: sha256sum of what a process of WireMock has on its class path', async () => {
    const { release } = await json('admin', 'upload', wiremockJars.newer, '--app', 'mock', '--create-app', '--name', 'v1.0.0')
    await lift('promote', 'dev', 'v1.0.0', 'mock')
    const [replica] = (await json('admin', 'status', 'mock', 'dev')).replicas as { id: string }[]
    const pid = readdirSync('/proc').find((name) => {
      try {
        return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(`CAISSON_REPLICA_ID=${replica?.id}`)
      } catch {
        return false // it ended meanwhile, or is somebody else's
      }
    })
    const jar =
      readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        .split('\0')
        .find((word) => word.endsWith('.jar')) ?? ''
    const { stdout } = await promisify(execFile)('sha256sum', [jar])
    expect(`sha256:${stdout.slice(0, 64)}`).toBe(release.components[0].seal.artifactDigest)
    expect(stdout.slice(0, 64)).toBe(sha256(readFileSync(wiremockJars.newer)))
  })

  it('S2.3: has called the builder once for each JAR, and never for a promotion', async () => {
    const { entries } = await json('admin', 'audit', 'list', '--action', 'release.sealed', '--limit', '100')
    const built = entries.filter(({ after }: { after: { wasBuilt: boolean } }) => after.wasBuilt)
    expect(built.map(({ after }: { after: { name: string } }) => after.name).toSorted()).toEqual(['v1.0.0', 'v3.4.4', 'v3.5.1'])
    for (const [app, name] of [
      ['zipkin', 'v3.4.4'],
      ['zipkin', 'v3.5.1'],
      ['zipkin', 'v3.5.2-preview1'],
      ['mock', 'v1.0.0'],
    ] as const) {
      const { components } = await json('admin', 'release', app, name)
      expect(components).toMatchObject([{ seal: { buildCount: 1 } }])
    }
    const { items } = await json('admin', 'promotions')
    expect(items.map(({ state }: { state: string }) => state)).toEqual(Array.from({ length: 8 }, () => 'completed'))
  })
})
