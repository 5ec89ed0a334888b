// The whole thing as a person starts it: `caisson up` on an empty directory, used over HTTP, stopped and started again.
import { spawn, type ChildProcess } from 'node:child_process'
import { createReadStream, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '#lib/platform/postgres/embedded'
import { eventually } from '#lib/testing/eventually'

const dataDir = mkdtempSync(join(tmpdir(), 'caisson-up-'))
const account = { email: 'admin@northwind.test', password: 'a long enough password' }
let port: number
let caisson: Running
let bearer: string

interface Running {
  child: ChildProcess
  output: () => string
}

function run(args: string[], env: Record<string, string> = {}): Running {
  const { DATABASE_URL: _url, CAISSON_TEST_POSTGRES_URL: _test, ...inherited } = process.env
  const child = spawn(process.execPath, ['bin/caisson.mjs', ...args], {
    env: {
      ...inherited,
      CAISSON_DATA: dataDir,
      PORT: String(port),
      CAISSON_ADMIN_EMAIL: account.email,
      CAISSON_ADMIN_PASSWORD: account.password,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const chunks: string[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk.toString()))
  return { child, output: () => chunks.join('') }
}

async function exitOf({ child }: Running): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await new Promise((done) => child.once('exit', done))
  return child.exitCode
}

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8')
  } catch {
    return '' // it ended meanwhile
  }
}

/** Addresses on which a process and its descendants listen, as Linux knows them; IPv6 is told as it is written there. */
function listeningBelow(pid: number): string[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), Number(/^PPid:\s+(\d+)/m.exec(readProc(`${name}/status`))?.[1] ?? 0)]),
  )
  const isBelow = (one: number): boolean => one === pid || (one > 1 && isBelow(parents.get(one) ?? 0))
  const inodes = new Set(
    [...parents.keys()].filter(isBelow).flatMap((one) => {
      try {
        return readdirSync(`/proc/${one}/fd`).map((fd) => readlinkSync(`/proc/${one}/fd/${fd}`))
      } catch {
        return []
      }
    }),
  )
  const rows = ['net/tcp', 'net/tcp6'].flatMap((file) => readProc(file).trim().split('\n').slice(1))
  return rows.flatMap((row) => {
    const [, local = '', , state, , , , , , inode = ''] = row.trim().split(/\s+/)
    if (state !== '0A' || !inodes.has(`socket:[${inode}]`)) return []
    const [address = '', hexPort = ''] = local.split(':')
    const ipv4 = address.length === 8 ? (address.match(/../g) ?? []).toReversed().map((byte) => Number.parseInt(byte, 16)) : undefined
    return [`${ipv4?.join('.') ?? address}:${Number.parseInt(hexPort, 16)}`]
  })
}

async function start(): Promise<Running> {
  const running = run(['up'])
  await eventually(
    'everything is ready',
    async () => {
      if (running.child.exitCode !== null) throw new Error(running.output())
      const answer = await fetch(`http://127.0.0.1:${port}/ready`)
      return ((await answer.json()) as { status: string }).status === 'ready'
    },
    300_000,
  )
  return running
}

// oxlint-disable-next-line typescript/no-explicit-any -- answers of every shape
async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> {
  const isStream = body instanceof Readable
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
    method,
    headers: {
      ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
      ...(body === undefined || isStream ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : isStream ? { body: Readable.toWeb(body), duplex: 'half' } : { body: JSON.stringify(body) }),
  } as RequestInit)
  return { status: answer.status, body: await answer.json() }
}

beforeAll(async () => {
  port = await freePort()
  caisson = await start()
  bearer = (await call('POST', '/sessions', account)).body.token
}, 400_000)

afterAll(async () => {
  caisson.child.kill('SIGTERM')
  await exitOf(caisson)
  rmSync(dataDir, { recursive: true, force: true })
}, 120_000)

describe('caisson up', () => {
  it('S3.14: says which migrations it applied', () => {
    expect(caisson.output()).toMatch(/Schema: applied 20261125000001_tables, .*; \d+ migrations in all\./)
  })

  it('S1.4: answers health and readiness, and makes the first administrator and tenant', async () => {
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200)
    const me = await call('GET', '/me')
    expect(me.body).toMatchObject({ email: account.email, isPlatformAdmin: true, tenants: [{ slug: 'main', tier: 'HIGH' }] })
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200)
  })

  it('S3.30: listens on this machine alone, with every process of it', async () => {
    const listening = listeningBelow(caisson.child.pid ?? 0)
    expect(listening).toContain(`127.0.0.1:${port}`)
    expect(listening.length).toBeGreaterThan(1) // PostgreSQL as well
    expect(listening.filter((address) => !address.startsWith('127.0.0.1:'))).toEqual([])
  })

  it('S-08: lets a page run only the scripts that carry the nonce of its own answer', async () => {
    const page = await fetch(`http://127.0.0.1:${port}/`)
    const policy = page.headers.get('content-security-policy') ?? ''
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? ''
    expect(policy).toContain("frame-ancestors 'none'")
    const scripts = (await page.text()).match(/<script[^>]*>/g) ?? []
    expect(scripts.length).toBeGreaterThan(0)
    expect(scripts.filter((script) => !script.includes(`nonce="${nonce}"`))).toEqual([])
  })

  it('S2.3: seals a real JAR over HTTP and builds the same digest again', async () => {
    expect((await call('POST', '/tenants/main/applications', { slug: 'mock', name: 'Mock' })).status).toBe(201)
    const jar = createReadStream('node_modules/wiremock/build/wiremock-standalone-3.13.2.jar')
    const sealed = await call('POST', '/tenants/main/applications/mock/releases?name=v1.0.0&fileName=wiremock.jar', jar)
    expect(sealed.status).toBe(201)
    const again = await call('POST', '/tenants/main/applications/mock/releases/v1.0.0/reproductions')
    expect(again.body).toMatchObject({ isIdentical: true, imageDigest: sealed.body.release.digest })
  })

  it('refuses a taken name, a stranger and an unknown tenant with a status, a code and words', async () => {
    const taken = await call('POST', '/tenants/main/applications/mock/releases?name=v1.0.0', createReadStream('package.json'))
    expect(taken).toMatchObject({ status: 409, body: { code: 'tag_taken', suggestedName: 'v1.0.1' } })
    const bad = await call('POST', '/tenants/main/applications/mock/releases?name=v1.0.1', createReadStream('package.json'))
    expect(bad).toMatchObject({ status: 415, body: { code: 'not_a_jar' } })
    expect(await call('GET', '/tenants/nowhere/releases')).toMatchObject({ status: 404, body: { code: 'not_found' } })
    const signedOut = await fetch(`http://127.0.0.1:${port}/api/v1/tenants/main/releases`)
    expect(signedOut.status).toBe(401)
  })

  it('refuses to start twice, and on a port that is taken, in words that say what to do', async () => {
    const twice = run(['up'])
    expect(await exitOf(twice)).toBe(17)
    expect(twice.output()).toMatch(/runs here already, as process \d+/)
    const squatter = createServer().listen(0, '127.0.0.1')
    await new Promise((listening) => squatter.once('listening', listening))
    const taken = (squatter.address() as { port: number }).port
    const other = mkdtempSync(join(tmpdir(), 'caisson-up-'))
    const refused = run(['up'], { PORT: String(taken), CAISSON_DATA: other })
    expect(await exitOf(refused)).toBe(17)
    expect(refused.output()).toMatch(new RegExp(`Something else listens on 127.0.0.1:${taken}`))
    squatter.close()
    rmSync(other, { recursive: true })
  })

  it('starts whatever died again', async () => {
    const before = caisson.output().length
    const http = await fetch(`http://127.0.0.1:${port}/health`)
    expect(http.status).toBe(200)
    const worker = readdirSync('/proc').find((pid) => {
      try {
        return (
          /^\d+$/.test(pid) &&
          readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`CAISSON_DATA=${dataDir}`) &&
          readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('bin/worker.ts')
        )
      } catch {
        return false
      }
    })
    process.kill(Number(worker), 'SIGKILL')
    await eventually('the worker is started again', () => caisson.output().slice(before).includes('worker ended (SIGKILL)'))
    await eventually(
      'it is ready',
      async () => ((await (await fetch(`http://127.0.0.1:${port}/ready`)).json()) as { status: string }).status === 'ready',
    )
  })

  it('S3.14: stops on SIGTERM, and the next start applies nothing and finds everything as it was', async () => {
    caisson.child.kill('SIGTERM')
    expect(await exitOf(caisson)).toBe(0)
    caisson = await start()
    expect(caisson.output()).toMatch(/Schema: nothing to apply; \d+ migrations in all\./)
    const releases = await call('GET', '/tenants/main/releases')
    expect(releases.body.releases).toMatchObject([{ name: 'v1.0.0', application: { slug: 'mock' } }])
  })
})
