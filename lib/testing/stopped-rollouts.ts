// Rollouts on real processes that stop at an instant of their own, so that something can be killed there; and what each has to have
// come to afterwards.
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { expect } from 'vitest'
import { pidsWhere, type Answer, type CaissonTree } from '#lib/testing/caisson-tree'
import { eventually } from '#lib/testing/eventually'

const tenant = '/tenants/main'

/**
 * One application for each instant: it is called after where its rollout stops. A phase: with the work of that phase done and
 * the next one not written. While applying: before an intent; after the effect of a start; when the replica is ready; after the
 * effect of a stop; each before it is written. The slowest to get there come first.
 */
export const instants = {
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
export type Instant = keyof typeof instants

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
export class Stops {
  readonly #client: Client

  private constructor(client: Client) {
    this.#client = client
    client.on('error', () => {}) // PostgreSQL is killed as well
  }

  static async set(caisson: CaissonTree): Promise<Stops> {
    const client = new Client({ connectionString: caisson.databaseUrl() })
    await client.connect()
    await client.query(`select pg_advisory_lock(${lockNumber})`)
    await client.query(failpoints)
    return new Stops(client)
  }

  async reached(count: number): Promise<void> {
    const waiting = async () => (await this.#client.query(this.#waiting('count(*)::int as n'))).rows[0] as { n: number }
    await eventually(`${count} rollouts stop`, async () => (await waiting()).n === count, 180_000)
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

export async function inDatabase<T>(caisson: CaissonTree, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: caisson.databaseUrl() })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** For who let nobody go: what stopped rollouts is taken away. */
export async function removeFailpoints(caisson: CaissonTree): Promise<void> {
  await inDatabase(caisson, (client) => client.query('drop trigger stop_here on rollout; drop trigger stop_here on rollout_step'))
}

export async function settled(caisson: CaissonTree, bearer: string, promotion: string): Promise<Answer> {
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
export async function expectOneEffect(
  caisson: CaissonTree,
  bearer: string,
  asked: Map<string, string>,
  release: string,
  attempts: number,
): Promise<void> {
  const outcomes = await Promise.all(
    [...asked].map(async ([application, promotion]) => [application, await settled(caisson, bearer, promotion)] as const),
  )
  expect(Object.fromEntries(outcomes)).toEqual(Object.fromEntries([...asked.keys()].map((one) => [one, { state: 'completed', outcome: '' }])))
  const { releases } = await caisson.call(bearer, 'GET', `${tenant}/releases`)
  await inDatabase(caisson, async (client) => {
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
      expectOneReplica(caisson, application, steps.rows[0]?.replicaId ?? '', digest)
    }
  })
}

/** The only process of its application is the one that was started, once, from the image that was promised. */
function expectOneReplica(caisson: CaissonTree, application: string, replicaId: string, digest: string): void {
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

/** Of each log, whether every entry is in its place, by the command that an operator would use. */
export function verifyLogs(caisson: CaissonTree): boolean[] {
  const { stdout } = spawnSync(process.execPath, ['bin/caisson.mjs', 'audit', 'verify', '--json'], {
    encoding: 'utf8',
    env: { ...process.env, DATABASE_URL: caisson.databaseUrl(), CAISSON_DATA: caisson.dataDir },
  })
  return (JSON.parse(stdout) as { isOk: boolean }[]).map(({ isOk }) => isOk)
}
