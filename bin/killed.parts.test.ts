// kill -9 on real processes: of the worker and of everything at once in each phase of a rollout; of http, gateway and a launcher
// while a rollout is applied. Every rollout settles, with one effect, and no entry of the log is lost.
import { spawnSync } from 'node:child_process'
import { createReadStream, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CaissonTree, pidsWhere, type Answer } from '#lib/testing/caisson-tree'
import { eventually } from '#lib/testing/eventually'
import { wiremockJars } from '#lib/testing/images'

const caisson = new CaissonTree()
const tenant = '/tenants/main'
let bearer: string

/**
 * One application for each instant: it is called after where its rollout stops. A phase: with the work of that phase done and
 * the next one not written. While applying: before an intent; after the effect of a start; when the replica is ready; after the
 * effect of a stop; each before it is written. The slowest to get there come first.
 */
const instants = {
  applied: 'applied',
  stopped: 'applying',
  ready: 'applying',
  started: 'applying',
  applying: 'applying',
  verified: 'verified',
  downloaded: 'downloaded',
  downloading: 'downloading',
  created: 'created',
} as const
type Instant = keyof typeof instants
const everyInstant = Object.keys(instants) as Instant[]

const lockNumber = 4711
const failpoints = `
  create or replace function stop_here() returns trigger language plpgsql as $$
  declare
    place text;
    is_here boolean;
  begin
    if tg_table_name = 'rollout' then
      select a.slug into place from promotion p join application a on a.id = p.application_id where p.id = new.promotion_id;
      is_here := place = old.phase and place <> 'applying' and (new.phase <> old.phase or new.settled_at is distinct from old.settled_at);
    else
      select a.slug into place from rollout r join promotion p on p.id = r.promotion_id join application a on a.id = p.application_id where r.id = new.rollout_id;
      is_here := case place
        when 'applying' then old.state = 'planned' and new.state = 'running'
        when 'started' then new.act = 'start' and old.effect_at is null and new.effect_at is not null
        when 'ready' then new.act = 'start' and old.state = 'running' and new.state = 'done'
        when 'stopped' then new.act = 'stop' and old.effect_at is null and new.effect_at is not null
        else false end;
    end if;
    if is_here then
      perform pg_advisory_lock_shared(${lockNumber});
      perform pg_advisory_unlock_shared(${lockNumber});
    end if;
    return new;
  end $$;
  create trigger stop_here before update on rollout for each row execute function stop_here();
  create trigger stop_here before update on rollout_step for each row execute function stop_here();`

/** A connection of its own that makes rollouts stop where their application says, until it lets them go. */
class Stops {
  readonly #client: Client

  private constructor(client: Client) {
    this.#client = client
    client.on('error', () => {}) // PostgreSQL is killed as well
  }

  static async set(): Promise<Stops> {
    const client = new Client({ connectionString: caisson.databaseUrl() })
    await client.connect()
    await client.query(`select pg_advisory_lock(${lockNumber})`)
    await client.query(failpoints)
    return new Stops(client)
  }

  async reached(count: number): Promise<void> {
    const waiting = async () => (await this.#client.query(this.#waiting('count(*)::int as n'))).rows[0] as { n: number }
    await eventually(`${count} rollouts stop`, async () => (await waiting()).n === count)
  }

  /** Application → phase of its unsettled rollout. */
  async phases(): Promise<Record<string, string>> {
    const { rows } = await this.#client.query<{ slug: string; phase: string }>(
      'select a.slug, r.phase from rollout r join promotion p on p.id = r.promotion_id join application a on a.id = p.application_id where r.settled_at is null',
    )
    return Object.fromEntries(rows.map(({ slug, phase }) => [slug, phase]))
  }

  /** What a killed worker left waiting never goes on; what a living one has waiting does. */
  async letGo({ isWorkerDead }: { isWorkerDead: boolean }): Promise<void> {
    if (isWorkerDead) await this.#client.query(this.#waiting('pg_terminate_backend(pid)'))
    else await this.#client.query(`select pg_advisory_unlock(${lockNumber})`)
    await this.#client.query('drop trigger stop_here on rollout; drop trigger stop_here on rollout_step')
    await this.#client.end()
  }

  #waiting(what: string): string {
    return `select ${what} from pg_locks where locktype = 'advisory' and objid = ${lockNumber} and not granted`
  }
}

async function inDatabase<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: caisson.databaseUrl() })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

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

async function settled(promotion: string): Promise<Answer> {
  return eventually(
    'the promotion is settled',
    async () => {
      const { state, outcome } = await caisson.call(bearer, 'GET', `${tenant}/promotions/${promotion}`)
      return ['requested', 'approved', 'rolling_out'].includes(state) ? undefined : { state, outcome }
    },
    180_000,
  )
}

/** What each rollout has to have come to, whatever was killed: everything that could have happened twice, or got lost. */
async function expectOneEffect(asked: Map<string, string>, release: string, attempts: number): Promise<void> {
  const outcomes = await Promise.all([...asked].map(async ([application, promotion]) => [application, await settled(promotion)] as const))
  expect(Object.fromEntries(outcomes)).toEqual(Object.fromEntries([...asked.keys()].map((one) => [one, { state: 'completed', outcome: '' }])))
  const { releases } = await caisson.call(bearer, 'GET', `${tenant}/releases`)
  await inDatabase(async (client) => {
    for (const [application, promotion] of asked) {
      const rollout = await client.query(
        'select id, phase, verification, attempts, lease_owner as "leaseOwner" from rollout where promotion_id = $1',
        [promotion],
      )
      expect({ application, ...rollout.rows[0] }).toMatchObject({ phase: 'applied', verification: 'passed', attempts, leaseOwner: null })
      const steps = await client.query<{ act: string; state: string; replicaId: string }>(
        'select act, state, replica_id as "replicaId" from rollout_step where rollout_id = $1 order by ordinal',
        [rollout.rows[0].id],
      )
      expect(steps.rows.map(({ act, state }) => `${application}: ${act} ${state}`)).toEqual([
        `${application}: start done`,
        `${application}: stop done`,
      ])
      const entries = await client.query<{ action: string }>('select action from audit_entry where subject = $1 order by action', [
        `promotion:${promotion}`,
      ])
      expect(entries.rows.map(({ action }) => action)).toEqual([
        'deployment.promised',
        'promotion.claimed',
        'promotion.completed',
        'promotion.requested',
      ])
      const digest: string = releases.find((one: Answer) => one.name === release && one.application.slug === application).digest
      expectOneReplica(application, steps.rows[0]?.replicaId ?? '', digest)
    }
  })
}

/** The only process of its application is the one that was started, once, from the image that was promised. */
function expectOneReplica(application: string, replicaId: string, digest: string): void {
  const home = `HOME=${caisson.dataDir}/runtime/targets/main/dev/${application}/`
  const pids = pidsWhere(({ environ }) => environ.includes(home))
  expect({ application, processes: pids.length }).toEqual({ application, processes: 1 })
  expect(readFileSync(`/proc/${pids[0]}/environ`, 'utf8')).toContain(`CAISSON_REPLICA_ID=${replicaId}\0`)
  expect(readFileSync(`/proc/${pids[0]}/cmdline`, 'utf8')).toContain(`runtime/images/${digest.slice('sha256:'.length)}/`)
  const folders = globSync(join(caisson.dataDir, 'runtime/targets/main/dev', application, 'r-*'))
  expect(folders.map((folder) => folder.split('/').at(-1))).toEqual([replicaId])
  const { restarts } = JSON.parse(readFileSync(join(folders[0] ?? '', 'state.json'), 'utf8')) as { restarts: number }
  expect({ application, restarts }).toEqual({ application, restarts: 0 })
  // WireMock says its port once for each start; what it says after its launcher was killed is lost.
  expect(readFileSync(join(folders[0] ?? '', 'output.log'), 'utf8').split('port:').length - 1).toBeLessThanOrEqual(1)
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
  for (const promotion of first) expect(await settled(promotion)).toEqual({ state: 'completed', outcome: '' })
}, 600_000)

afterAll(async () => {
  await caisson.stop()
  caisson.forget()
}, 120_000)

describe('a rollout on real processes', () => {
  it('R-01: settles with one effect when the worker is killed in any phase', async () => {
    const stops = await Stops.set()
    const asked = await askAndStop(stops, 'v1.1.0')
    process.kill(caisson.pidOf('worker'), 'SIGKILL')
    await stops.letGo({ isWorkerDead: true })
    await expectOneEffect(asked, 'v1.1.0', 2)
  })

  it('R-01: settles with one effect when everything is killed at once in any phase, PostgreSQL included', async () => {
    const stops = await Stops.set()
    const asked = await askAndStop(stops, 'v1.0.0')
    await caisson.crash()
    await caisson.start()
    await inDatabase((client) => client.query('drop trigger stop_here on rollout; drop trigger stop_here on rollout_step'))
    await expectOneEffect(asked, 'v1.0.0', 2)
  })

  it('R-01: settles with one effect when http, the gateway and the launcher of a new replica are killed while it is applied', async () => {
    const stops = await Stops.set()
    const asked = new Map<string, string>()
    for (const instant of ['stopped', 'ready', 'started']) asked.set(instant, await ask(instant, 'v1.1.0'))
    await stops.reached(asked.size)
    const fresh = await inDatabase(async (client) => {
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
    await expectOneEffect(asked, 'v1.1.0', 1)
    const written = await inDatabase(async (client) => {
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
    await expectOneEffect(written, 'v1.1.0', 1)
    for (const instant of asked.keys()) {
      const { address } = await caisson.call(bearer, 'GET', `${tenant}/environments/dev/applications/${instant}/deployment`)
      expect((await fetch(`${address}/__admin/health`)).status).toBe(200)
    }
  })

  it('leaves logs that verify', async () => {
    const { status, stdout } = spawnSync(process.execPath, ['bin/caisson.mjs', 'audit', 'verify', '--json'], {
      encoding: 'utf8',
      env: { ...process.env, DATABASE_URL: caisson.databaseUrl(), CAISSON_DATA: caisson.dataDir },
    })
    expect(JSON.parse(stdout)).toEqual([expect.objectContaining({ isOk: true }), expect.objectContaining({ isOk: true })])
    expect(status).toBe(0)
  })
})
