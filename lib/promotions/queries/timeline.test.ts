import { describe, expect, it } from 'vitest'
import { saveRevision } from '#lib/configuration/commands/save-revision'
import { defaultConfig } from '#lib/configuration/config-document'
import type { TenantContext } from '#lib/platform/context'
import { createFreeze } from '#lib/promotions/commands/create-freeze'
import { liftFreeze } from '#lib/promotions/commands/lift-freeze'
import { liftHold } from '#lib/promotions/commands/lift-hold'
import { requestPromotion } from '#lib/promotions/commands/request-promotion'
import { getTimeline } from '#lib/promotions/queries/get-timeline'
import { getWhatRan } from '#lib/promotions/queries/get-what-ran'
import { listHolds } from '#lib/promotions/queries/list-holds'
import type { TimelineEntry, TimelineInput } from '#lib/promotions/timeline'
import { useTestDatabase } from '#lib/testing/database'
import { actAs, asPlatform, makeApplication, makeTenant } from '#lib/testing/factories'
import { completeRollout } from '#lib/testing/promotions'
import { makeRelease } from '#lib/testing/releases'

useTestDatabase()

/** Two releases, a revision in between, a rollback, a freeze and what lifts them: a short life of one place. */
async function live() {
  const tenant = await makeTenant()
  const application = await makeApplication(tenant)
  const other = await makeApplication(tenant)
  const sre = await actAs(tenant, 'sre', 'release_manager')
  const place = { application: application.slug, environment: 'dev' }
  const run = async (request: Record<string, unknown>, result = {}) => {
    const asked = await requestPromotion(sre, { ...place, ...request })
    await completeRollout(sre, asked.id, result)
    return asked
  }
  const releases = [await makeRelease(tenant, application, 'v1.0.0'), await makeRelease(tenant, application, 'v1.1.0')]
  await makeRelease(tenant, other, 'v9.0.0')
  const first = await run({ release: 'v1.0.0' })
  await saveRevision(sre, { ...place, expected: 0, document: { ...defaultConfig, variables: { A: 'b' }, replicas: 2 } })
  const second = await run({ release: 'v1.1.0' })
  const failed = await run({ kind: 'restart' }, { state: 'failed' })
  const stop = await run({ kind: 'stop' })
  const back = await run({ kind: 'rollback', release: 'v1.0.0', reason: 'errors' })
  const freeze = await createFreeze(sre, { reason: 'stocktaking', application: application.slug })
  await liftFreeze(sre, { freeze: freeze.id })
  const [hold] = (await listHolds(sre, { includePast: false })).items
  await liftHold(sre, { hold: hold?.id ?? '', reason: 'understood' })
  await completeRollout(sre, (await requestPromotion(sre, { ...place, application: other.slug, release: 'v9.0.0' })).id)
  return { tenant, application, other, sre, place, releases, first, second, failed, stop, back }
}

/** Every page, one after the other. */
async function all(ctx: TenantContext, input: TimelineInput): Promise<TimelineEntry[]> {
  const entries: TimelineEntry[] = []
  for (let after: string | undefined; ;) {
    const page = await getTimeline(ctx, { ...input, ...(after === undefined ? {} : { after }) })
    entries.push(...page.items)
    if (page.next === null) return entries
    after = page.next
  }
}

describe('the timeline of an environment', () => {
  it('tells everything that changed it, newest first, in pages of any size and by kind, application and time', async () => {
    const { sre, application, other, place, first, second, back } = await live()
    const entries = await all(sre, { environment: 'dev', application: application.slug, pageSize: 3 })
    expect(entries.map(({ words }) => words)).toEqual([
      'hold lifted',
      'freeze lifted',
      expect.stringMatching(/^closed from \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ until it is lifted$/),
      ...['held', 'rolled back to v1.0.0, configuration r1'].toSorted((left, right) => order(entries, left) - order(entries, right)),
      'stopped',
      'restarted',
      'v1.1.0 deployed, configuration r1',
      'configuration r1 saved',
      'v1.0.0 deployed, configuration r0',
    ])
    expect(entries.every(({ by }) => by.name !== '')).toBe(true)
    expect(entries.find(({ words }) => words === 'restarted')?.promotion).toMatchObject({ state: 'failed', outcome: 'The test said so.' })
    expect(entries.find(({ id }) => id === `promotion:${back.id}`)).toMatchObject({ reason: 'errors', promotion: { kind: 'rollback', replicas: 2 } })
    const everything = await all(sre, { environment: 'dev', pageSize: 100 })
    expect(everything).toHaveLength(entries.length + 1)
    expect(everything[0]).toMatchObject({ application: { slug: other.slug }, words: 'v9.0.0 deployed, configuration r0' })
    expect((await all(sre, { environment: 'dev', kind: 'hold' })).map(({ words }) => words)).toEqual(['hold lifted', 'held'])
    const between = { from: entries.at(-1)?.at ?? '', until: entries.at(-3)?.at ?? '' }
    const ids = (await all(sre, { ...place, ...between })).map(({ id }) => id)
    expect(ids).toContain(`promotion:${first.id}`)
    expect(ids).not.toContain(`promotion:${second.id}`)
    expect((await all(sre, { environment: 'staging' })).filter(({ application: one }) => one !== null && one.slug !== application.slug)).toEqual([])
  })

  it('is the same 404 for an environment that is foreign or not there', async () => {
    const { sre } = await live()
    for (const environment of ['nowhere']) {
      await expect(getTimeline(sre, { environment })).rejects.toMatchObject({ code: 'not_found' })
      await expect(getWhatRan(sre, { environment, at: new Date().toISOString() })).rejects.toMatchObject({ code: 'not_found' })
    }
  })
})

describe('what ran', () => {
  it('is answered for any time: release, digest, configuration, replicas, and what was just being changed or had failed half-way', async () => {
    const { sre, application, other, releases, first, second, failed, stop, back } = await live()
    // The records as they would be had each of them taken its hour of one day.
    const hour = (hours: number) => new Date(Date.UTC(2026, 5, 1, hours))
    for (const [index, { id }] of [first, second, failed, stop, back].entries()) {
      const times = JSON.stringify({ applying: new Date(hour(index + 1).getTime() - 60_000).toISOString() })
      const isFailed = id === failed.id
      await asPlatform((tx) =>
        tx.rollout.update({
          where: { promotionId: id },
          data: { phaseTimes: times, settledAt: hour(index + 1), ...(isFailed ? { failedPhase: 'applying' } : { appliedAt: hour(index + 1) }) },
        }),
      )
    }
    const at = async (hours: number, application?: string) =>
      (await getWhatRan(sre, { environment: 'dev', at: hour(hours).toISOString(), ...(application ? { application } : {}) })).applications
    expect(await at(0.5)).toEqual([])
    expect(await at(1)).toMatchObject([
      { release: 'v1.0.0', components: [{ digest: releases[0]?.digest }], configRevision: 0, replicas: 1, underWay: null },
    ])
    const changing = hour(2).getTime() - 30_000
    expect((await getWhatRan(sre, { environment: 'dev', at: new Date(changing).toISOString() })).applications).toMatchObject([
      { release: 'v1.0.0', underWay: { promotionId: second.id, release: 'v1.1.0' } },
    ])
    expect(await at(2.5)).toMatchObject([{ release: 'v1.1.0', configRevision: 1, replicas: 2, since: hour(2).toISOString(), disturbedBy: null }])
    expect(await at(3.5)).toMatchObject([{ release: 'v1.1.0', promotionId: second.id, disturbedBy: { promotionId: failed.id } }])
    expect(await at(4.5)).toMatchObject([{ isStopped: true, replicas: 0, disturbedBy: null }])
    expect(await at(5.5)).toMatchObject([{ release: 'v1.0.0', configRevision: 1, replicas: 2, isStopped: false }])
    const now = new Date(Date.now() + 60_000).toISOString()
    const { applications } = await getWhatRan(sre, { environment: 'dev', at: now })
    expect(applications.map((one) => one.application.slug)).toEqual([application.slug, other.slug].toSorted())
    expect(await at(5.5, other.slug)).toEqual([])
  })
})

/** Two of one transaction have one time; then their ids decide. */
function order(entries: readonly TimelineEntry[], words: string): number {
  return entries.findIndex((entry) => entry.words === words)
}
