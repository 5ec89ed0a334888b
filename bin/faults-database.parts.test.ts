// PostgreSQL alone is killed while rollouts are applied, and is frozen for half a minute while clients are served: what is settled
// afterwards, and what everybody was told meanwhile.
import { globSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CaissonTree, type Answer } from '#lib/testing/caisson-tree'
import { eventually } from '#lib/testing/eventually'
import { buildFaultyJars } from '#lib/testing/faulty-jar'
import { faultyStage, type FaultyStage } from '#lib/testing/faulty-stage'
import { expectOneEffect, inDatabase, removeFailpoints, settled, Stops, verifyLogs, type Instant } from '#lib/testing/stopped-rollouts'
import { Clients, Witness } from '#lib/testing/witness'

const caisson = new CaissonTree()
const whileApplying = ['stopped', 'ready', 'started', 'applying'] as const satisfies Instant[]
/** From a failure until it is noticed: two probes, the look of the prober, and what a busy machine adds. */
const noticedMs = 8000
let bearer: string
let stage: FaultyStage

const deployment = (application: string): Promise<Answer> =>
  caisson.call(bearer, 'GET', `/tenants/main/environments/dev/applications/${application}/deployment`)

beforeAll(async () => {
  await caisson.start()
  bearer = (await caisson.call('', 'POST', '/sessions', caisson.admin)).token
  stage = faultyStage(caisson, bearer)
  const jars = buildFaultyJars(join(caisson.dataDir, 'jars'), { 'v1.0.0': 'fair', 'v1.1.0': 'fair' })
  for (const slug of whileApplying) await stage.make(slug, jars)
  await stage.make('busy', jars, { replicas: 2 })
  await stage.make('mortal', { 'v1.0.0': jars['v1.0.0'] })
  const first = await Promise.all([...whileApplying, 'busy', 'mortal'].map((slug) => stage.ask(slug, 'v1.0.0')))
  for (const promotion of first) expect(await settled(caisson, bearer, promotion)).toEqual({ state: 'completed', outcome: '' })
}, 600_000)

afterAll(async () => {
  if (process.env['FAULTS_OUT']) writeFileSync(process.env['FAULTS_OUT'], caisson.output)
  await caisson.stop()
  caisson.forget()
}, 120_000)

describe('while PostgreSQL is away', () => {
  it('R-01: rollouts settle with one effect when it alone is killed while they are applied, and nothing is called better than it is', async () => {
    const witness = new Witness(caisson, bearer, whileApplying)
    const stops = await Stops.set(caisson)
    const asked = new Map<string, string>()
    for (const instant of whileApplying) asked.set(instant, await stage.ask(instant, 'v1.1.0'))
    await stops.reached(asked.size)
    const doors = (['http', 'gateway'] as const).map((service) => caisson.pidOf(service))
    const [server = 0] = caisson.postgresPids()
    process.kill(server, 'SIGKILL')
    await eventually('PostgreSQL runs again', () => caisson.postgresPids().some((pid) => pid !== server))
    await eventually('it answers', () => inDatabase(caisson, (client) => client.query('select 1')))
    await removeFailpoints(caisson)
    // A place that was lost is taken up again by the next attempt; one that could wait for its database goes on by itself.
    await expectOneEffect(caisson, bearer, asked, 'v1.1.0', 2)
    await witness.stop()
    expect(witness.lies(noticedMs)).toEqual([])
    expect((['http', 'gateway'] as const).map((service) => caisson.pidOf(service))).toEqual(doors)
    expect(verifyLogs(caisson)).toEqual([true, true])
  })

  it('R-03: clients are served, the API says so in words, and nothing is replaced when it is frozen for 30 s', async () => {
    const before = { busy: await deployment('busy'), mortal: await deployment('mortal'), processes: caisson.replicas() }
    const raised = await raisings()
    const clients = new Clients(before.busy.address)
    const witness = new Witness(caisson, bearer, ['busy', 'mortal'])
    await sleep(2000)
    for (const pid of caisson.postgresPids()) process.kill(pid, 'SIGSTOP')
    const frozenAt = performance.now()
    // What ends meanwhile, for good, is seen by nobody who could write it down.
    const dying = before.mortal.replicas[0].id as string
    endForGood(dying)
    await sleep(30_000 - (performance.now() - frozenAt))
    const thawedAt = performance.now()
    for (const pid of caisson.postgresPids()) process.kill(pid, 'SIGCONT')
    await eventually('the API answers', () => deployment('busy'))
    await eventually('what ended is said', async () => !['ready', 'unknown'].includes((await deployment('mortal')).state))
    await eventually('it is ready as before', async () => (await deployment('busy')).state === 'ready')
    await sleep(3000)
    await clients.stop()
    await witness.stop()

    expect(clients.failures).toEqual([])
    expect(clients.answers.get('v1.0.0')).toBeGreaterThan(500)
    const meanwhile = witness.samples.filter(({ sentAt, receivedAt }) => sentAt > frozenAt && receivedAt < thawedAt)
    expect(meanwhile.length).toBeGreaterThan(50)
    for (const { status, body } of meanwhile) {
      expect({ status, ...body }).toMatchObject({
        status: 503,
        code: 'unavailable',
        detail: expect.stringMatching(/database (does not answer|went away)/),
      })
    }
    expect(witness.lies(noticedMs)).toEqual([])

    const after = await deployment('busy')
    const ids = (view: Answer) => view.replicas.map(({ id, startedAt, state }: Answer) => ({ id, startedAt, state }))
    expect(ids(after)).toEqual(ids(before.busy))
    for (const { id } of after.replicas) expect(caisson.replicas().get(id)).toBe(before.processes.get(id))
    expect(await raisings()).toBe(raised)
    expect(verifyLogs(caisson)).toEqual([true, true])
  })
})

/** Kills the process of a replica and has each next start of it end at once. */
function endForGood(replicaId: string): void {
  const [folder = ''] = globSync(join(caisson.dataDir, `runtime/targets/main/dev/*/${replicaId}`))
  writeFileSync(join(folder, 'data/die'), '')
  process.kill(caisson.replicas().get(replicaId) ?? 0, 'SIGKILL')
}

/** How often replicas were started again outside a rollout. */
function raisings(): Promise<number> {
  return inDatabase(caisson, async (client) => {
    const { rows } = await client.query<{ count: number }>(`select count(*)::int as count from audit_entry where action = 'deployment.raised'`)
    return rows[0]?.count ?? 0
  })
}
