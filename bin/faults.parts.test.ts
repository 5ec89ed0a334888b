// Software that misbehaves, a blob that rots, and a log that is tampered with, on a Caisson that runs: what is settled, what is served,
// and what everybody is told meanwhile.
import { appendFileSync, chmodSync, globSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CaissonTree, pidsWhere, type Answer } from '#lib/testing/caisson-tree'
import { eventually } from '#lib/testing/eventually'
import { buildFaultyJars } from '#lib/testing/faulty-jar'
import { faultyStage, type FaultyStage } from '#lib/testing/faulty-stage'
import { inDatabase, settled } from '#lib/testing/stopped-rollouts'
import { Clients, Witness } from '#lib/testing/witness'

const caisson = new CaissonTree()
const tenant = '/tenants/main'
const never = 'v1.0.1'
const deaf = 'v1.0.2'
const completed = { state: 'completed', outcome: '' }
/** From a failure until it is noticed: two probes, the look of the prober, and what a busy machine adds. */
const noticedMs = 8000
let bearer: string
let stage: FaultyStage
let jars: Record<'v1.0.0' | 'v1.1.0' | typeof never | typeof deaf, string>

const deployment = (application: string): Promise<Answer> =>
  caisson.call(bearer, 'GET', `${tenant}/environments/dev/applications/${application}/deployment`)
const outcomeOf = (promotion: string): Promise<Answer> => settled(caisson, bearer, promotion)
const folderOf = (replicaId: string): string => globSync(join(caisson.dataDir, `runtime/targets/main/dev/*/${replicaId}`))[0] ?? ''
const isReady = (application: string) => eventually(`${application} is ready`, async () => (await deployment(application)).state === 'ready', 120_000)

async function digestOf(application: string, release: string): Promise<string> {
  const { releases } = await caisson.call(bearer, 'GET', `${tenant}/releases`)
  return releases.find((one: Answer) => one.name === release && one.application.slug === application).digest
}

beforeAll(async () => {
  await caisson.start()
  bearer = (await caisson.call('', 'POST', '/sessions', caisson.admin)).token
  stage = faultyStage(caisson, bearer)
  jars = buildFaultyJars(join(caisson.dataDir, 'jars'), { 'v1.0.0': 'fair', 'v1.1.0': 'fair', [never]: 'never_ready', [deaf]: 'deaf' })
  await stage.make('shop', jars, { replicas: 2, hasty: never })
  await stage.make('rotten', { 'v1.0.0': jars['v1.0.0'] })
  for (const promotion of await Promise.all(['shop', 'rotten'].map((slug) => stage.ask(slug, 'v1.0.0')))) {
    expect(await outcomeOf(promotion)).toEqual(completed)
  }
}, 600_000)

afterAll(async () => {
  await caisson.stop()
  caisson.forget()
}, 120_000)

describe('a replica that', () => {
  it('R-05: never gets ready fails its promotion, and the old ones serve on as if nothing had been', async () => {
    await isReady('shop')
    const before = caisson.replicas()
    const { address } = await deployment('shop')
    const clients = new Clients(address)
    const witness = new Witness(caisson, bearer, ['shop'])
    const promotion = await stage.ask('shop', never)
    expect(await outcomeOf(promotion)).toEqual({ state: 'failed', outcome: expect.stringMatching(/was not ready within \d+ s \(http_503\)/) })
    await isReady('shop')
    await Promise.all([clients.stop(), witness.stop()])

    expect(clients.failures).toEqual([])
    expect([...clients.answers.keys()]).toEqual(['v1.0.0'])
    const digest = await digestOf('shop', never)
    const green = witness.samples.flatMap(({ body }) => body.replicas?.filter((one: Answer) => one.digest === digest && one.state === 'ready') ?? [])
    expect(green).toEqual([])
    expect(witness.lies(noticedMs)).toEqual([])
    expect(await deployment('shop')).toMatchObject({
      promised: { release: 'v1.0.0' },
      readyReplicas: 2,
      isMixed: false,
      failedDeploy: { release: never, state: 'failed', reason: 'replica_not_ready' },
    })
    expect(caisson.replicas()).toEqual(before)
  })

  it('ignores SIGTERM is ended by SIGKILL after its time, and the rollout goes on without a lost request', async () => {
    expect(await outcomeOf(await stage.ask('shop', deaf))).toEqual(completed)
    const digest = await digestOf('shop', deaf)
    const { address } = await deployment('shop')
    const clients = new Clients(address)
    const witness = new Witness(caisson, bearer, ['shop'])
    const promotion = await stage.ask('shop', 'v1.1.0')
    expect(await outcomeOf(promotion)).toEqual(completed)
    await Promise.all([clients.stop(), witness.stop()])

    expect(clients.failures).toEqual([])
    expect(new Set(clients.answers.keys())).toEqual(new Set([deaf, 'v1.1.0']))
    expect(witness.lies(noticedMs)).toEqual([])
    expect(pidsWhere(({ cmdline }) => cmdline.includes(`runtime/images/${digest.slice('sha256:'.length)}/`))).toEqual([])
    const stops = await inDatabase(caisson, async (client) => {
      const { rows } = await client.query<{ ms: number }>(
        `select extract(epoch from s.effect_at - s.intent_at)::float8 * 1000 as ms from rollout_step s join rollout r on r.id = s.rollout_id
         where r.promotion_id = $1 and s.act = 'stop' and s.state = 'done'`,
        [promotion],
      )
      return rows
    })
    expect(stops).toHaveLength(2)
    for (const { ms } of stops) expect(ms).toBeGreaterThanOrEqual(2000)
  })

  it('dies after it was ready is degraded later, which is no failed deploy, and is started again; again and again is a crash loop', async () => {
    const { promotionId } = (await deployment('shop')).promised
    const witness = new Witness(caisson, bearer, ['shop'])
    await isReady('shop')
    const [first, second] = (await deployment('shop')).replicas as [Answer, Answer]
    // One that dies before the witness came would be a lie to it.
    await eventually('both answered the witness', async () => [first, second].every(({ id }) => witness.sawReady(id)))
    const died = performance.now()
    // Each next start of it ends at once as well.
    writeFileSync(join(folderOf(first.id), 'data/die'), '')
    process.kill(caisson.replicas().get(first.id) ?? 0, 'SIGKILL')
    await eventually('it is a crash loop', async () => (await deployment('shop')).reason === 'crash_loop', 120_000)
    expect(await deployment('shop')).toMatchObject({ state: 'degraded', readyReplicas: 1, failedDeploy: null, isMixed: false })
    expect(await caisson.call(bearer, 'GET', `${tenant}/promotions/${promotionId}`)).toMatchObject(completed)
    rmSync(join(folderOf(first.id), 'data/die'))
    await isReady('shop')
    await witness.stop()

    expect(witness.lies(noticedMs)).toEqual([])
    const told = witness.of('shop').filter(({ sentAt, status }) => sentAt > died && status === 200)
    expect(new Set(told.map(({ body }) => body.failedDeploy))).toEqual(new Set([null]))
    expect((await deployment('shop')).replicas.map(({ id }: Answer) => id)).toEqual([first.id, second.id])
  })
})

describe('a blob that rots', () => {
  it('R-11: is never served nor started, is named in words, and what ran of it runs on; sent again, it is whole', async () => {
    const digest = await digestOf('rotten', 'v1.0.0')
    const [layer] = await layersOf(digest)
    const hex = (layer ?? '').slice('sha256:'.length)
    appendFileSync(join(caisson.dataDir, 'blobs/sha256', hex.slice(0, 2), hex), 'rot')
    const { secret } = await caisson.call(bearer, 'POST', `${tenant}/tokens`, { name: 'puller', verbs: ['tenant.read', 'registry.push'] })
    const pull = async (): Promise<Uint8Array> => {
      const answer = await fetch(`${caisson.url}/v2/main/rotten/blobs/${layer}`, {
        headers: { authorization: `Basic ${Buffer.from(`token:${secret}`).toString('base64')}` },
      })
      if (!answer.ok) throw new Error(String(answer.status))
      return answer.bytes()
    }
    expect(await pull().catch(() => 'not served')).toBe('not served')

    // What is unpacked of it is altered as well: it must not run as if it were the digest either.
    const [jar = ''] = globSync(join(caisson.dataDir, 'runtime/images', digest.slice('sha256:'.length), 'app/**/*.jar'))
    chmodSync(jar, 0o644)
    appendFileSync(jar, 'rot')
    await eventually('readiness says so', async () => (await deployment('rotten')).reason === 'image_altered')
    const { address } = await deployment('rotten')
    const body = { kind: 'restart', application: 'rotten', environment: 'dev', reason: 'to see what becomes of it' }
    const promotion = (await caisson.call(bearer, 'POST', `${tenant}/promotions`, body)).id
    expect(await outcomeOf(promotion)).toEqual({
      state: 'errored',
      outcome: expect.stringMatching(/blob sha256:\w+ is damaged.*Push or upload it again/),
    })
    expect(await (await fetch(address)).text()).toBe('v1.0.0')

    await stage.upload('rotten', 'v1.0.1', jars['v1.0.0'])
    expect((await pull()).length).toBeGreaterThan(0)
    expect(await outcomeOf((await caisson.call(bearer, 'POST', `${tenant}/promotions`, body)).id)).toEqual(completed)
    await isReady('rotten')
  })
})

async function layersOf(digest: string): Promise<string[]> {
  return inDatabase(caisson, async (client) => {
    const { rows } = await client.query<{ content: Buffer }>('select content from manifest where digest = $1', [digest])
    const { layers } = JSON.parse(rows[0]?.content.toString() ?? '{}') as { layers: { digest: string }[] }
    return layers.map((one) => one.digest)
  })
}

type Undo = () => Promise<unknown>
interface Attack {
  what: string
  act: (db: Client, log: string, ids: readonly string[]) => Promise<Undo>
  /** Code and place of each finding. */
  findings: [code: string, seq: number | null][]
}

async function swapEntries(db: Client, log: string, [first = '', second = '']: readonly string[]): Promise<void> {
  await db.query(`update audit_chain set entry_id = 'aside' where log = $1 and entry_id = $2`, [log, first])
  await db.query('update audit_chain set entry_id = $3 where log = $1 and entry_id = $2', [log, second, first])
  await db.query(`update audit_chain set entry_id = $2 where log = $1 and entry_id = 'aside'`, [log, second])
}

/** Each is undone before the next but the last: what is cut off is nowhere else. */
const attacks: Attack[] = [
  {
    what: 'edited',
    async act(db, _log, ids) {
      const { rows } = await db.query<{ actor: string }>('select actor from audit_entry where id = $1', [ids[5]])
      const write = (actor = '') => db.query('update audit_entry set actor = $2 where id = $1', [ids[5], actor])
      await write('somebody')
      return () => write(rows[0]?.actor)
    },
    findings: [['edited', 5]],
  },
  {
    what: 'deleted',
    async act(db, _log, ids) {
      const { rows } = await db.query<{ row: object }>('delete from audit_entry e where id = $1 returning to_jsonb(e) as row', [ids[5]])
      return () =>
        db.query('insert into audit_entry select * from jsonb_populate_record(null::audit_entry, $1::jsonb)', [JSON.stringify(rows[0]?.row)])
    },
    findings: [['deleted', 5]],
  },
  {
    what: 'inserted',
    async act(db, _log, ids) {
      await db.query(
        `insert into audit_entry select 'forged', log, replace(content, id, 'forged'), hash, key_id, hmac, at, actor, action, subject, outcome, request_id
         from audit_entry where id = $1`,
        [ids[2]],
      )
      return () => db.query(`delete from audit_entry where id = 'forged'`)
    },
    findings: [['inserted', null]],
  },
  {
    what: 'reordered',
    async act(db, log, ids) {
      const two = [ids[3] ?? '', ids[5] ?? '']
      await swapEntries(db, log, two)
      return () => swapEntries(db, log, two)
    },
    findings: [
      ['reordered', 3],
      ['reordered', 5],
    ],
  },
]

describe('a log that a superuser of the database tampers with while everything runs', () => {
  it('is found, with its place, by whoever asks, and by itself when a worker starts; evidence is at risk until it is undone', async () => {
    const status = (): Promise<Answer> => caisson.call(bearer, 'GET', `${tenant}/audit/status`)
    const verify = (): Promise<Answer> => caisson.call(bearer, 'POST', `${tenant}/audit/verifications`, {})
    const isAtRisk = async (): Promise<boolean> =>
      (await caisson.call(bearer, 'GET', `${tenant}/checklists`)).items.some((one: Answer) => one.isAtRisk)
    const places = (findings: Answer[]) => findings.map(({ code, seq }) => [code, seq])
    const { log } = await status()
    expect((await verify()).findings).toEqual([])
    await inDatabase(caisson, async (db) => {
      await db.query('set session_replication_role = replica')
      const { rows } = await db.query<{ id: string }>('select entry_id as id from audit_chain where log = $1 order by seq', [log])
      const ids = rows.map(({ id }) => id)
      for (const { what, act, findings } of attacks) {
        const undo = await act(db, log, ids)
        expect({ what, found: places((await verify()).findings) }).toEqual({ what, found: findings })
        expect({ what, found: places((await status()).findings), isAtRisk: await isAtRisk() }).toEqual({ what, found: findings, isAtRisk: true })
        await undo()
        expect({ what, found: (await verify()).findings, isAtRisk: await isAtRisk() }).toEqual({ what, found: [], isAtRisk: false })
      }
      await eventually('everything is sealed', async () => (await status()).unsealed === 0)
      const { sealed } = await status()
      await db.query('delete from audit_entry where id in (select entry_id from audit_chain where log = $1 and seq >= $2)', [log, sealed - 2])
      await db.query('delete from audit_chain where log = $1 and seq >= $2', [log, sealed - 2])
    })
    process.kill(caisson.pidOf('worker'), 'SIGKILL')
    const found = await eventually('the next worker finds it', async () => {
      const { findings } = await status()
      return findings.length > 0 && findings
    })
    expect(places(found)).toContainEqual(['truncated', expect.any(Number)])
    expect(await isAtRisk()).toBe(true)
  })
})
