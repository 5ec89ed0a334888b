// The main job on one machine, from two JARs to a rollback in production, with people using it meanwhile.
import { randomBytes } from 'node:crypto'
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { Agent, request, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routes } from '#app/api/routes'
import { CaissonTree, type Answer } from '#lib/testing/caisson-tree'
import { eventually } from '#lib/testing/eventually'
import { canaryOf, columnsHolding, filesHolding, holds } from '#lib/testing/find-canary'
import { wiremockJars } from '#lib/testing/images'

const caisson = new CaissonTree()
const second = { email: 'second@northwind.test', password: 'another long password' }
const call = caisson.call.bind(caisson)

/** 50 requests a second, each on its own time, until it is ended; what was not answered with 200 is told. */
function startLoad(address: string): { end: () => Promise<{ sent: number; failures: string[]; versions: string[] }> } {
  const agent = new Agent({ keepAlive: true })
  const failures: string[] = []
  const versions = new Set<string>()
  const running = new Set<Promise<void>>()
  let sent = 0
  const one = async (): Promise<void> => {
    try {
      const answer = await new Promise<IncomingMessage>((done, fail) => {
        const asking = request(`${address}/__admin/health`, { agent, timeout: 30_000 }, done)
        asking.once('error', fail)
        asking.end()
      })
      const body = await text(answer)
      if (answer.statusCode === 200) versions.add((JSON.parse(body) as { version: string }).version)
      else failures.push(`${answer.statusCode} ${body}`)
    } catch (error) {
      failures.push(String(error))
    }
  }
  const timer = setInterval(() => {
    sent += 1
    const asked = one().finally(() => running.delete(asked))
    running.add(asked)
  }, 20)
  return {
    async end() {
      clearInterval(timer)
      await Promise.all(running)
      agent.destroy()
      return { sent, failures, versions: [...versions].toSorted() }
    },
  }
}

let bearer: string
let approver: string
const tenant = '/tenants/main'

async function settled(promotion: string): Promise<Answer> {
  const found = await eventually(
    'the promotion is settled',
    async () => {
      const { state, outcome } = await call(bearer, 'GET', `${tenant}/promotions/${promotion}`)
      return ['requested', 'approved', 'rolling_out'].includes(state) ? undefined : { state, outcome }
    },
    120_000,
  )
  expect(found).toMatchObject({ state: 'completed' })
}

/** A secret that is planted, and everything that was said since. */
const canary = canaryOf(`canary${randomBytes(20).toString('hex')}`)
const said: string[] = []

/** What the live events of the tenant say until the signal. */
async function collectEvents(signal: AbortSignal): Promise<string> {
  let heard = ''
  try {
    const answer = await fetch(`${caisson.url}/api/v1${tenant}/live-events`, { headers: { authorization: `Bearer ${bearer}` }, signal })
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) heard += Buffer.from(chunk).toString()
  } catch (error) {
    if (!signal.aborted) throw error
  }
  return `200 live events ${heard}`
}

async function names(): Promise<{ promotions: string[]; replicas: string[] }> {
  const { items } = await call(bearer, 'GET', `${tenant}/promotions?application=mock&environment=prod`)
  const { replicas } = await deploymentIn('prod')
  const idsOf = (all: { id: string }[]) => all.map(({ id }) => id)
  return { promotions: idsOf(items), replicas: idsOf(replicas) }
}

/** Status and body of a GET with what is known of its parameters; of a stream, what it says within two seconds. */
async function answerOf(route: string, fields: readonly string[], values: Record<string, string>): Promise<string> {
  const path = route.slice('GET '.length).replaceAll(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(values[name] ?? 'none'))
  const query = new URLSearchParams(fields.flatMap((name) => (values[name] && !route.includes(`{${name}}`) ? [[name, values[name]]] : [])))
  const signal = AbortSignal.timeout(2000)
  let body = ''
  const answer = await fetch(`${caisson.url}${path}?${query}`, { headers: { authorization: `Bearer ${bearer}` } })
  const reader = answer.body?.getReader()
  signal.addEventListener('abort', () => void reader?.cancel())
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) body += Buffer.from(part.value).toString()
  return `${answer.status} ${route} ${body}`
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

async function ask(environment: string, release: string | undefined, kind?: string): Promise<string> {
  const body = { application: 'mock', environment, release, reason: 'the main job', ...(kind ? { kind } : {}) }
  return (await call(bearer, 'POST', `${tenant}/promotions`, body)).id
}

async function approve(promotion: string): Promise<void> {
  const { planDigest } = await call(approver, 'GET', `${tenant}/promotions/${promotion}`)
  await call(approver, 'POST', `${tenant}/promotions/${promotion}/approvals`, { planDigest })
}

async function deploymentIn(environment: string): Promise<Answer> {
  return call(bearer, 'GET', `${tenant}/environments/${environment}/applications/mock/deployment`)
}

beforeAll(async () => {
  await caisson.start()
  bearer = (await call('', 'POST', '/sessions', caisson.admin)).token
}, 400_000)

afterAll(async () => {
  await caisson.stop()
  caisson.forget()
}, 120_000)

describe('the main job', () => {
  it('takes two JARs, somebody else to approve, and how many replicas there are where', async () => {
    const { token } = await call(bearer, 'POST', `${tenant}/invitations`, { email: second.email, roles: ['approver'] })
    await call('', 'POST', `/invitations/${token}/acceptances`, { name: 'Second', password: second.password })
    approver = (await call('', 'POST', '/sessions', second)).token
    await call(bearer, 'POST', `${tenant}/applications`, { slug: 'mock', name: 'Mock' })
    // As is suggested for WireMock, asked more often: the waiting between two looks proves nothing.
    const spec = { arguments: ['--port', '${PORT}'], readiness: { kind: 'http', path: '/__admin/health', intervalMs: 200 } }
    await call(bearer, 'PUT', `${tenant}/applications/mock/components/app/spec`, { spec })
    for (const [name, jar] of [
      ['v1.0.0', wiremockJars.older],
      ['v1.1.0', wiremockJars.newer],
    ] as const) {
      await call(bearer, 'POST', `${tenant}/applications/mock/releases?name=${name}&fileName=wiremock-standalone.jar`, createReadStream(jar))
    }
    const jvmArguments = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx96m']
    for (const [environment, replicas, maxSurge] of [
      ['dev', 3, 3],
      ['staging', 1, 1],
      ['prod', 3, 1],
    ] as const) {
      const document = { jvmArguments, replicas, strategy: { maxUnavailable: 0, maxSurge } }
      await call(bearer, 'POST', `${tenant}/applications/mock/config-revisions`, { environment, expected: 0, document })
    }
    const { releases } = await call(bearer, 'GET', `${tenant}/releases`)
    expect(releases.map(({ name }: { name: string }) => name).toSorted()).toEqual(['v1.0.0', 'v1.1.0'])
  })

  it('runs the first release in dev, staging and, approved by somebody else, in prod', async () => {
    await settled(await ask('dev', 'v1.0.0'))
    const dev = await eventually('dev is ready', async () => {
      const found = await deploymentIn('dev')
      return found.state === 'ready' && found.readyReplicas === 3 ? found : undefined
    })
    expect(new Set(dev.replicas.map(({ digest }: { digest: string }) => digest))).toEqual(new Set([dev.promised.components[0].digest]))
    await settled(await ask('staging', 'v1.0.0'))
    const promotion = await ask('prod', 'v1.0.0')
    expect((await call(bearer, 'GET', `${tenant}/promotions/${promotion}`)).state).toBe('requested')
    await approve(promotion)
    // The next release comes to dev meanwhile.
    const next = await ask('dev', 'v1.1.0')
    await settled(promotion)
    await settled(next)
    const prod = await deploymentIn('prod')
    expect(prod.promised.components).toEqual(dev.promised.components)
    const health = (await (await fetch(`${prod.address}/__admin/health`)).json()) as { version: string }
    expect(health.version).toBe('3.13.1')
  }, 180_000)

  it('loses no request at the stable address while the next release comes and while it goes again', async () => {
    await settled(await ask('staging', 'v1.1.0'))
    const { address } = await deploymentIn('prod')
    const up = startLoad(address)
    const promotion = await ask('prod', 'v1.1.0')
    await approve(promotion)
    await settled(promotion)
    const promoted = await up.end()
    expect(promoted).toMatchObject({ failures: [], versions: ['3.13.1', '3.13.2'] })
    expect(promoted.sent).toBeGreaterThan(100)
    const down = startLoad(address)
    const rollback = await ask('prod', 'v1.0.0', 'rollback')
    const { state } = await call(bearer, 'GET', `${tenant}/promotions/${rollback}`)
    if (state === 'requested') await approve(rollback)
    await settled(rollback)
    expect(await down.end()).toMatchObject({ failures: [], versions: ['3.13.1', '3.13.2'] })
    expect((await deploymentIn('prod')).address).toBe(address)
  }, 240_000)

  it('S2.17: brings configuration and a secret by a rolling restart of the same digest, builds nothing, and loses no request', async () => {
    const before = await deploymentIn('prod')
    const place = { environment: 'prod' }
    await call(bearer, 'PUT', `${tenant}/applications/mock/secrets/mock-db`, { ...place, value: canary.text })
    const { newest } = await call(bearer, 'GET', `${tenant}/applications/mock/configuration?environment=prod`)
    const connections = { DB_PASSWORD: { secret: 'mock-db' }, DB_PASSWORD_PATH: { secret: 'mock-db', deliver: 'file' } }
    const document = { ...newest.own, connections, flags: { NEW_CHECKOUT: true }, files: { 'app.properties': 'a=b' } }
    await call(bearer, 'POST', `${tenant}/applications/mock/config-revisions`, { ...place, expected: newest.number, document })
    const built = async () => (await call(bearer, 'GET', `${tenant}/applications/mock/releases/v1.0.0`)).components[0].seal
    const sealBefore = await built()
    const ids = new Set(caisson.replicas().keys())
    for (const { id } of (await call(bearer, 'GET', `${tenant}/holds`)).items as { id: string }[]) {
      await call(bearer, 'POST', `${tenant}/holds/${id}/lifts`, { reason: 'the cause of the rollback is known' })
    }
    const events = new AbortController()
    const live = collectEvents(events.signal)
    const load = startLoad(before.address)
    const promotion = await ask('prod', undefined, 'config')
    await approve(promotion)
    await settled(promotion)
    expect(await load.end()).toMatchObject({ failures: [], versions: ['3.13.1'] })
    events.abort()
    const heard = await live
    expect(heard).toContain(promotion)
    said.push(heard)
    const after = await deploymentIn('prod')
    expect(after.promised.components).toEqual(before.promised.components)
    expect(after.promised.configHash).not.toBe(before.promised.configHash)
    expect(await built()).toEqual(sealBefore)
    const { steps } = await call(bearer, 'GET', `${tenant}/promotions/${promotion}/rollout`)
    expect(steps.map(({ act }: { act: string }) => act)).toEqual(['start', 'stop', 'start', 'stop', 'start', 'stop'])
    for (const { id } of after.replicas as { id: string }[]) {
      const environ = readFileSync(`/proc/${caisson.replicas().get(id)}/environ`, 'utf8').split('\0')
      expect(ids.has(id)).toBe(false)
      expect(environ).toEqual(expect.arrayContaining([`DB_PASSWORD=${canary.text}`, 'NEW_CHECKOUT=true']))
      const path = environ.find((line) => line.startsWith('DB_PASSWORD_PATH='))?.slice('DB_PASSWORD_PATH='.length) ?? ''
      expect(readFileSync(path, 'utf8')).toBe(canary.text)
    }
  }, 120_000)

  it('S1.13: leaves that secret in the replicas that it is for, and in nothing else that the system makes', async () => {
    said.push(caisson.output)
    const known: Record<string, string> = { tenant: 'main', application: 'mock', environment: 'prod', release: 'v1.0.0', number: '2', kind: 'config' }
    const { promotions, replicas } = await names()
    const values = { ...known, promotion: promotions[0] ?? '', replica: replicas[0] ?? '', from: '1', to: '2', name: 'mock-db', repository: 'mock' }
    for (const [route, spec] of Object.entries(routes).filter(([name]) => name.startsWith('GET '))) {
      for (const promotion of route.includes('{promotion}') ? promotions : ['']) {
        said.push(await answerOf(route, Object.keys(spec.input.shape), promotion === '' ? values : { ...values, promotion }))
      }
    }
    expect(said.filter((text) => text.startsWith('200 ')).length).toBeGreaterThan(25)
    expect(said.filter((text) => holds(canary, text)).map((text) => text.slice(0, 300))).toEqual([])
    expect(await columnsHolding(canary, caisson.databaseUrl())).toEqual([])
    // Nowhere on disk but in the three files that the replicas were given.
    const found = filesHolding(canary, caisson.dataDir)
    expect(found.map((path) => path.replace(/^.*\/(r-[^/]+)\//, 'REPLICA/'))).toEqual(
      Array.from({ length: 3 }, () => 'REPLICA/secrets/DB_PASSWORD_PATH'),
    )
    const holding = readdirSync('/proc').filter(
      (pid) => /^\d+$/.test(pid) && ['cmdline', 'environ'].some((file) => holds(canary, readProc(pid, file))),
    )
    const given = [...caisson.replicas()].filter(([id]) => replicas.includes(id)).map(([, pid]) => String(pid))
    expect(holding.toSorted()).toEqual(given.toSorted())
  }, 120_000)

  it('leaves replicas alone when the worker is killed: the next one adopts them', async () => {
    const before = caisson.replicas()
    expect(before.size).toBe(7)
    process.kill(caisson.pidOf('worker'), 'SIGKILL')
    const killedAt = Date.now()
    await eventually('another worker runs', () => caisson.output.includes('worker ended (SIGKILL)') && caisson.pidOf('worker'))
    await eventually('it has looked at prod', async () => {
      const { state, readyReplicas, observedAt } = await deploymentIn('prod')
      return state === 'ready' && readyReplicas === 3 && Date.parse(observedAt) > killedAt + 1000
    })
    expect(caisson.replicas()).toEqual(before)
  }, 120_000)

  it('ends them when it is told to stop, and the next start raises what is promised, at the same address', async () => {
    const { address, replicas, promised } = await deploymentIn('prod')
    await caisson.stop()
    expect(caisson.exitCode).toBe(0)
    expect(caisson.replicas()).toEqual(new Map())
    await caisson.start()
    const after = await eventually('prod is ready', async () => {
      const found = await deploymentIn('prod')
      return found.state === 'ready' && found.readyReplicas === 3 ? found : undefined
    })
    expect(after).toMatchObject({ address, promised })
    const idsOf = (all: { id: string }[]) => all.map(({ id }) => id).toSorted()
    expect(idsOf(after.replicas)).toEqual(idsOf(replicas))
    await eventually('it answers', async () => (await fetch(`${address}/__admin/health`)).status === 200)
    expect(existsSync(join(caisson.dataDir, 'gateway/routes.json'))).toBe(true)
  }, 180_000)
})
