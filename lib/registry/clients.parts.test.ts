// The clients that people have: skopeo, crane and podman, against the registry on a real port.
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useTestDatabase } from '#lib/testing/database'
import { makeApplication, makePerson, makeTenant } from '#lib/testing/factories'
import { makeToken } from '#lib/testing/http'
import { startRegistry, type RunningRegistry } from '#lib/testing/registry'

useTestDatabase()
let registry: RunningRegistry
let folder: string
let push: string
let pull: string
const image = () => `${registry.host}/northwind/shop`
const isMissing = !process.env['CI'] && !existsSync(join(homedir(), '.cache/caisson-test/bin/crane'))

beforeAll(async () => {
  registry = await startRegistry()
  folder = mkdtempSync(join(tmpdir(), 'caisson-clients-'))
  const tenant = await makeTenant({ slug: 'northwind' })
  await makeApplication(tenant, 'shop')
  push = await makeToken(await makePerson({ tenant, roles: ['developer'] }), tenant, ['registry.push'])
  pull = await makeToken(await makePerson({ tenant, roles: ['viewer'] }), tenant, ['tenant.read'])
})
afterAll(async () => {
  await registry.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Run {
  code: number
  output: string
  /** Standard output alone, for digests and JSON. */
  stdout: string
}

/** Runs a client with a home of its own, so that what it remembers of logins ends with the test. */
function run(command: string, ...args: string[]): Promise<Run> {
  const env = {
    ...process.env,
    HOME: folder,
    DOCKER_CONFIG: join(folder, 'docker'),
    REGISTRY_AUTH_FILE: join(folder, 'auth.json'),
    PATH: `${join(homedir(), '.cache/caisson-test/bin')}:${process.env['PATH']}`,
  }
  return new Promise((ended) => {
    execFile(command, args, { env, maxBuffer: 16 * 1024 ** 2, timeout: 200_000 }, (error, stdout, stderr) => {
      ended({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, output: `${stdout}${stderr}`, stdout: stdout.trim() })
    })
  })
}

async function succeed(command: string, ...args: string[]): Promise<string> {
  const { code, output, stdout } = await run(command, ...args)
  expect(code, `${command} ${args.join(' ')}\n${output}`).toBe(0)
  return stdout
}

describe.skipIf(isMissing)('S2.18, S2.19: real clients', () => {
  it('crane logs in, pushes layers, and reads them back by tag and digest', async () => {
    await succeed('crane', 'auth', 'login', registry.host, '-u', 'token', '-p', push)
    writeFileSync(join(folder, 'hello.txt'), 'sealed once')
    await succeed('tar', '-C', folder, '-cf', join(folder, 'layer.tar'), 'hello.txt')
    await succeed('crane', 'append', '--insecure', '--oci-empty-base', '-f', join(folder, 'layer.tar'), '-t', `${image()}:v1.0.0`)
    const digest = await succeed('crane', 'digest', '--insecure', `${image()}:v1.0.0`)
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/)
    await succeed('crane', 'validate', '--insecure', '--remote', `${image()}@${digest}`)
    expect(await succeed('crane', 'ls', '--insecure', image())).toBe('v1.0.0')
    expect(await succeed('crane', 'catalog', '--insecure', registry.host)).toBe('northwind/shop')
    expect(JSON.parse(await succeed('crane', 'manifest', '--insecure', `${image()}:v1.0.0`))).toMatchObject({ schemaVersion: 2 })
    await succeed('crane', 'copy', '--insecure', `${image()}:v1.0.0`, `${image()}/worker:v1.0.0`)
    expect(await succeed('crane', 'digest', '--insecure', `${image()}/worker:v1.0.0`)).toBe(digest)
  })

  it('S2.4: crane is refused another image under a tag, in words that it shows', async () => {
    writeFileSync(join(folder, 'hello.txt'), 'something else')
    await succeed('tar', '-C', folder, '-cf', join(folder, 'other.tar'), 'hello.txt')
    const { code, output } = await run(
      'crane',
      'append',
      '--insecure',
      '--oci-empty-base',
      '-f',
      join(folder, 'other.tar'),
      '-t',
      `${image()}:v1.0.0`,
    )
    expect(code).not.toBe(0)
    expect(output).toMatch(/DENIED: northwind|DENIED: 127|a tag is immutable/)
  })

  it('skopeo inspects, pulls to a layout, pushes it back under another tag and deletes it', async () => {
    const tls = '--tls-verify=false'
    await succeed('skopeo', 'login', tls, '-u', 'token', '-p', push, registry.host)
    const digest = await succeed('crane', 'digest', '--insecure', `${image()}:v1.0.0`)
    const inspected = JSON.parse(await succeed('skopeo', 'inspect', tls, `docker://${image()}:v1.0.0`)) as { Digest: string; RepoTags: string[] }
    expect(inspected).toMatchObject({ Digest: digest, RepoTags: ['v1.0.0'] })
    const layout = `oci:${join(folder, 'layout')}:shop`
    await succeed('skopeo', 'copy', '--src-tls-verify=false', '--preserve-digests', `docker://${image()}:v1.0.0`, layout)
    await succeed('skopeo', 'copy', '--dest-tls-verify=false', '--preserve-digests', layout, `docker://${image()}:copied`)
    expect(await succeed('crane', 'digest', '--insecure', `${image()}:copied`)).toBe(digest)
    const docker = `docker://${image()}:docker-format`
    await succeed('skopeo', 'copy', '--dest-tls-verify=false', '--format', 'v2s2', layout, docker)
    expect(JSON.parse(await succeed('skopeo', 'inspect', '--raw', tls, docker))).toMatchObject({
      mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    })
    await succeed('skopeo', 'delete', tls, docker)
    expect((await run('skopeo', 'inspect', tls, docker)).code).not.toBe(0)
  })

  it('podman logs in, pulls and pushes', async () => {
    const conf = join(folder, 'storage.conf')
    writeFileSync(conf, `[storage]\ndriver = "vfs"\ngraphroot = "${join(folder, 'graph')}"\nrunroot = "${join(folder, 'run')}"\n`)
    process.env['CONTAINERS_STORAGE_CONF'] = conf
    try {
      await succeed('podman', 'login', '--tls-verify=false', '-u', 'token', '-p', push, registry.host)
      const id = await succeed('podman', 'pull', '-q', '--tls-verify=false', `${image()}:v1.0.0`)
      await succeed('podman', 'tag', id, `${image()}:from-podman`)
      await succeed('podman', 'push', '-q', '--tls-verify=false', '--digestfile', join(folder, 'digest'), `${image()}:from-podman`)
      expect(await succeed('crane', 'digest', '--insecure', `${image()}:from-podman`)).toBe(readFileSync(join(folder, 'digest'), 'utf8'))
      await succeed('podman', 'rmi', '-f', id)
      await succeed('podman', 'pull', '-q', '--tls-verify=false', `${image()}:from-podman`)
    } finally {
      delete process.env['CONTAINERS_STORAGE_CONF']
    }
  })

  it('who may only pull, pulls; pushing, and coming with a wrong password, is refused', async () => {
    const tls = '--src-tls-verify=false'
    const target = (name: string) => `oci:${join(folder, name)}:shop`
    await succeed('skopeo', 'copy', tls, '--src-creds', `token:${pull}`, `docker://${image()}:v1.0.0`, target('pulled'))
    const pushed = await run(
      'skopeo',
      'copy',
      '--dest-tls-verify=false',
      '--dest-creds',
      `token:${pull}`,
      target('pulled'),
      `docker://${image()}:mine`,
    )
    expect(pushed.code).not.toBe(0)
    expect(pushed.output).toMatch(/push to the registry|denied/i)
    const nobody = await run('skopeo', 'copy', tls, '--src-creds', 'dev@northwind.test:a password', `docker://${image()}:v1.0.0`, target('nobody'))
    expect(nobody.code).not.toBe(0)
    expect(nobody.output).toMatch(/unauthorized|invalid username\/password/i)
  })
})
