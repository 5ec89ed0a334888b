// kill -9 on real processes: of the worker and of everything at once in each phase of a rollout; of http, gateway and a launcher
// while a rollout is applied. Every rollout settles, with one effect, and no entry of the log is lost.
import { createReadStream } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CaissonTree, pidsWhere } from '#lib/testing/caisson-tree'
import { eventually } from '#lib/testing/eventually'
import { wiremockJars } from '#lib/testing/images'
import { expectOneEffect, inDatabase, instants, removeFailpoints, settled, Stops, verifyLogs, type Instant } from '#lib/testing/stopped-rollouts'

const caisson = new CaissonTree()
const tenant = '/tenants/main'
let bearer: string

const everyInstant = Object.keys(instants) as Instant[]

async function ask(application: string, release: string): Promise<string> {
  const body = { application, environment: 'dev', release, reason: 'to be killed' }
  return (await caisson.call(bearer, 'POST', `${tenant}/promotions`, body)).id
}

/** Every rollout of the round at its instant, all at the same time. */
async function askAndStop(stops: Stops, release: string): Promise<Map<string, string>> {
  const asked = new Map<string, string>()
  const [slowest, second, third, ...rest] = everyInstant
  for (const group of [[slowest], [second, third], rest]) {
    for (const instant of group) if (instant) asked.set(instant, await ask(instant, release))
    await stops.reached(asked.size)
  }
  expect(await stops.phases()).toEqual(instants)
  return asked
}

beforeAll(async () => {
  await caisson.start()
  bearer = (await caisson.call('', 'POST', '/sessions', caisson.admin)).token
  const spec = { arguments: ['--port', '${PORT}'], readiness: { kind: 'http', path: '/__admin/health', intervalMs: 200 } }
  const document = { jvmArguments: ['-XX:TieredStopAtLevel=1', '-Xmx64m'], replicas: 1, strategy: { maxUnavailable: 0, maxSurge: 1 } }
  for (const slug of everyInstant) {
    await caisson.call(bearer, 'POST', `${tenant}/applications`, { slug, name: slug })
    await caisson.call(bearer, 'PUT', `${tenant}/applications/${slug}/components/app/spec`, { spec })
    for (const [name, jar] of [
      ['v1.0.0', wiremockJars.older],
      ['v1.1.0', wiremockJars.newer],
    ] as const) {
      await caisson.call(
        bearer,
        'POST',
        `${tenant}/applications/${slug}/releases?name=${name}&fileName=wiremock-standalone.jar`,
        createReadStream(jar),
      )
    }
    await caisson.call(bearer, 'POST', `${tenant}/applications/${slug}/config-revisions`, { environment: 'dev', expected: 0, document })
  }
  const first = await Promise.all(everyInstant.map((slug) => ask(slug, 'v1.0.0')))
  for (const promotion of first) expect(await settled(caisson, bearer, promotion)).toEqual({ state: 'completed', outcome: '' })
}, 600_000)

afterAll(async () => {
  await caisson.stop()
  caisson.forget()
}, 120_000)

describe('a rollout on real processes', () => {
  it('R-01: settles with one effect when the worker is killed in any phase', async () => {
    const stops = await Stops.set(caisson)
    const asked = await askAndStop(stops, 'v1.1.0')
    process.kill(caisson.pidOf('worker'), 'SIGKILL')
    await stops.letGo({ isWorkerDead: true })
    await expectOneEffect(caisson, bearer, asked, 'v1.1.0', 2)
  })

  it('R-01: settles with one effect when everything is killed at once in any phase, PostgreSQL included', async () => {
    const stops = await Stops.set(caisson)
    const asked = await askAndStop(stops, 'v1.0.0')
    await caisson.crash()
    await caisson.start()
    await removeFailpoints(caisson)
    await expectOneEffect(caisson, bearer, asked, 'v1.0.0', 2)
  })

  it('R-01: settles with one effect when http, the gateway and the launcher of a new replica are killed while it is applied', async () => {
    const stops = await Stops.set(caisson)
    const asked = new Map<string, string>()
    for (const instant of ['stopped', 'ready', 'started']) asked.set(instant, await ask(instant, 'v1.1.0'))
    await stops.reached(asked.size)
    const fresh = await inDatabase(caisson, async (client) => {
      const { rows } = await client.query<{ id: string }>(
        `select s.replica_id as id from rollout_step s join rollout r on r.id = s.rollout_id where r.promotion_id = $1 and s.act = 'start'`,
        [asked.get('started')],
      )
      return rows[0]?.id ?? ''
    })
    await eventually('the software was started', () => caisson.replicas().has(fresh))
    const [launcher] = pidsWhere(({ environ }) => environ.includes(`CAISSON_LAUNCHES=${fresh}`))
    const before = { http: caisson.pidOf('http'), gateway: caisson.pidOf('gateway'), launcher: launcher ?? 0 }
    // What is asked for in the moment in which http dies is there whole, or not at all.
    const others = everyInstant.filter((one) => !asked.has(one))
    const answers = others.map(async (one) => ask(one, 'v1.1.0').catch(() => undefined))
    for (const pid of Object.values(before)) process.kill(pid, 'SIGKILL')
    const acknowledged = await Promise.all(answers)
    await eventually('http and gateway run again', () => caisson.pidOf('http') !== before.http && caisson.pidOf('gateway') !== before.gateway)
    await stops.letGo({ isWorkerDead: false })
    await eventually('the API answers', async () => await caisson.call(bearer, 'GET', '/me'))
    await expectOneEffect(caisson, bearer, asked, 'v1.1.0', 1)
    const written = await inDatabase(caisson, async (client) => {
      const promotions = await client.query<{ id: string; slug: string; release: string }>(
        `select p.id, a.slug, r.name as release from promotion p join application a on a.id = p.application_id join release r on r.id = p.release_id
         where p.requested_at = (select max(requested_at) from promotion l where l.application_id = p.application_id)`,
      )
      const strays = await client.query(
        `select subject from audit_entry where action = 'promotion.requested' and substring(subject from 11) not in (select id from promotion)`,
      )
      expect(strays.rows).toEqual([])
      return new Map(
        promotions.rows.filter(({ slug, release }) => others.includes(slug as Instant) && release === 'v1.1.0').map((one) => [one.slug, one.id]),
      )
    })
    for (const [index, id] of acknowledged.entries()) if (id !== undefined) expect(written.get(others[index] ?? '')).toBe(id)
    await expectOneEffect(caisson, bearer, written, 'v1.1.0', 1)
    for (const instant of asked.keys()) {
      const { address } = await caisson.call(bearer, 'GET', `${tenant}/environments/dev/applications/${instant}/deployment`)
      expect((await fetch(`${address}/__admin/health`)).status).toBe(200)
    }
  })

  it('leaves logs that verify', () => {
    expect(verifyLogs(caisson)).toEqual([true, true])
  })
})
