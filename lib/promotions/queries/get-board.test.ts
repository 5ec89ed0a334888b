import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createContext, type TenantContext } from '#lib/platform/context'
import { openDatabase } from '#lib/platform/database'
import { approvePromotion } from '#lib/promotions/commands/approve-promotion'
import { requestPromotion } from '#lib/promotions/commands/request-promotion'
import { getBoard } from '#lib/promotions/queries/get-board'
import { getCell } from '#lib/promotions/queries/get-cell'
import { countInbox, getInbox } from '#lib/promotions/queries/get-inbox'
import { getSheet } from '#lib/promotions/queries/get-sheet'
import { listHistory } from '#lib/promotions/queries/list-history'
import { listPromotions } from '#lib/promotions/queries/list-promotions'
import { useTestDatabase } from '#lib/testing/database'
import { actAs, asPlatform, makeApplication, makeTenant } from '#lib/testing/factories'
import { completeRollout } from '#lib/testing/promotions'
import { makeRelease } from '#lib/testing/releases'

const test = useTestDatabase()

async function makeStage(tier: 'LOW' | 'MID' | 'HIGH' = 'HIGH') {
  const tenant = await makeTenant({ tier })
  const application = await makeApplication(tenant)
  const manager = await actAs(tenant, 'release_manager')
  const approver = await actAs(tenant, 'approver')
  return { tenant, application, manager, approver }
}

/** Statements of the database while a board is read. */
async function statementsOf(ctx: TenantContext): Promise<number> {
  const db = openDatabase(test.ownerUrl, 1)
  try {
    const client = await db.pool.connect()
    let count = 0
    const query = client.query.bind(client)
    client.query = ((...args: Parameters<typeof query>) => {
      count += 1
      return query(...args)
    }) as typeof client.query
    client.release()
    await getBoard(createContext({ actor: ctx.actor, tenant: ctx.tenant, db }))
    return count
  } finally {
    await db.close()
  }
}

describe('the board', () => {
  it('S2.2: shows one digest in every column that runs it, and the lock between neighbours', async () => {
    const { tenant, application, manager, approver } = await makeStage()
    const release = await makeRelease(tenant, application, 'v1.0.0')
    const ask = (environment: string, name = 'v1.0.0') => requestPromotion(manager, { application: application.slug, environment, release: name })
    const locks = async () => (await getBoard(manager)).rows[0]?.locks.map(({ from, to, state, count }) => `${from}→${to} ${state} ${count}`)
    expect(await locks()).toEqual(['dev→staging none 0', 'staging→prod none 0'])
    await completeRollout(manager, (await ask('dev')).id)
    expect(await locks()).toEqual(['dev→staging open 0', 'staging→prod none 0'])
    await completeRollout(manager, (await ask('staging')).id)
    const prod = await ask('prod')
    expect(await locks()).toEqual(['dev→staging equal 0', 'staging→prod waiting 1'])
    await approvePromotion(approver, { promotion: prod.id, planDigest: prod.planDigest })
    await completeRollout(manager, prod.id)
    const board = await getBoard(manager)
    expect(board.environments.map(({ slug, standing }) => `${slug} ${standing}`)).toEqual([
      'dev within_tier',
      'staging within_tier',
      'prod within_tier',
    ])
    expect(board.rows[0]?.cells.map(({ running }) => running?.digest)).toEqual([release.digest, release.digest, release.digest])
    await makeRelease(tenant, application, 'v1.1.0')
    await completeRollout(manager, (await ask('dev', 'v1.1.0')).id, { health: 'degraded' })
    const cells = (await getBoard(manager)).rows[0]?.cells
    expect(cells?.map(({ behind, running }) => `${running?.release} ${running?.state} ${behind}`)).toEqual([
      'v1.1.0 degraded 0',
      'v1.0.0 ready 1',
      'v1.0.0 ready 0',
    ])
    expect(await locks()).toEqual(['dev→staging shut 1', 'staging→prod equal 0'])
  })

  it('S2.7 S2.8: has one column for LOW and two for MID', async () => {
    const low = await makeStage('LOW')
    const mid = await makeStage('MID')
    expect(await getBoard(low.manager)).toMatchObject({ isLowTier: true, environments: [{ slug: 'prod', upstream: [] }] })
    expect((await getBoard(mid.manager)).environments.map(({ slug, upstream }) => [slug, ...upstream])).toEqual([['dev'], ['prod', 'dev']])
  })

  it('takes as many statements for forty applications as for one', async () => {
    const { tenant, application, manager } = await makeStage()
    const fill = async (one: { id: string; slug: string }) => {
      for (const name of ['v1.0.0', 'v1.1.0']) {
        await makeRelease(tenant, one, name)
        const asked = await requestPromotion(manager, { application: one.slug, environment: 'dev', release: name })
        if (name === 'v1.0.0') await completeRollout(manager, asked.id)
      }
    }
    await fill(application)
    const one = await statementsOf(manager)
    for (let count = 0; count < 39; count += 1) await fill(await makeApplication(tenant))
    expect(await statementsOf(manager)).toBe(one)
    expect(one).toBeLessThan(36)
    const board = await getBoard(manager, { pageSize: 10, page: 4 })
    expect([board.rows.length, board.total]).toEqual([10, 40])
    expect((await getBoard(manager, { search: application.slug.toUpperCase() })).rows.map(({ application: { slug } }) => slug)).toContain(
      application.slug,
    )
  }, 120_000)

  it('never shows what belongs to another tenant', async () => {
    const ours = await makeStage()
    const theirs = await makeStage()
    await makeRelease(theirs.tenant, theirs.application, 'v1.0.0')
    await requestPromotion(theirs.manager, { application: theirs.application.slug, environment: 'dev', release: 'v1.0.0' })
    expect((await getBoard(ours.manager)).rows.map(({ application: { slug } }) => slug)).toEqual([ours.application.slug])
    expect((await listPromotions(ours.manager)).total).toBe(0)
  })
})

describe('cell, sheet, inbox and history', () => {
  it('say what runs, what comes next and what blocks it, and what a promotion would change', async () => {
    const { tenant, application, manager, approver } = await makeStage()
    const place = { application: application.slug, environment: 'staging' }
    for (const name of ['v1.0.0', 'v1.1.0']) {
      await makeRelease(tenant, application, name)
      await completeRollout(manager, (await requestPromotion(manager, { ...place, environment: 'dev', release: name })).id)
      if (name === 'v1.0.0') await completeRollout(manager, (await requestPromotion(manager, { ...place, release: name })).id)
    }
    const cell = await getCell(manager, place)
    expect(cell).toMatchObject({
      now: { running: { release: 'v1.0.0' }, behind: 1 },
      inFlight: null,
      next: [{ release: 'v1.1.0', kind: 'promote', blockedBy: [] }],
    })
    const sheet = await getSheet(manager, { ...place, release: 'v1.1.0' })
    expect(sheet).toMatchObject({
      kind: 'promote',
      wouldBe: 'at_once',
      mayRequest: { allowed: true },
      baseline: { release: 'v1.0.0' },
      supersedes: null,
    })
    expect(sheet.lanes.artifact).toMatchObject({ changedLayers: 1, changedBytes: 1000, totalLayers: 2 })
    const changed = sheet.lanes.artifact.layers.filter(({ change }) => change !== 'same')
    expect(changed).toMatchObject([{ change: 'changed', before: expect.stringMatching(/^sha256:/) }])
    expect(changed[0]?.before).not.toBe(changed[0]?.digest)
    expect(sheet.lanes.manifests.isChanged).toBe(true)
    expect((await listPromotions(manager)).total).toBe(3)
    const asked = await requestPromotion(manager, { ...place, release: 'v1.1.0' })
    expect(asked.planDigest).toBe(sheet.planDigest)
    await completeRollout(manager, asked.id)
    const prod = await requestPromotion(manager, { ...place, environment: 'prod', release: 'v1.1.0' })
    expect(await getInbox(approver)).toMatchObject({ count: 1, needsYou: [{ id: prod.id, approvals: { given: 0, required: 1 } }] })
    expect(await countInbox(manager)).toEqual({ count: 0 })
    expect(await getInbox(manager)).toMatchObject({ needsYou: [], waitingForOthers: [{ id: prod.id, mayApprove: { allowed: false } }] })
    await approvePromotion(approver, { promotion: prod.id, planDigest: prod.planDigest })
    await completeRollout(manager, prod.id)
    expect((await getInbox(approver)).done.map(({ id }) => id)).toEqual([prod.id])
    const history = await listHistory(manager, { environment: 'prod' })
    expect(history.items).toMatchObject([
      { id: prod.id, release: 'v1.1.0', state: 'completed', approvedBy: [{ id: approver.actor.kind === 'person' ? approver.actor.id : '' }] },
    ])
  })

  it('preview a blocked request with the refusal that it would meet, and write nothing', async () => {
    const { tenant, application, manager } = await makeStage()
    await makeRelease(tenant, application, 'v1.0.0')
    const sheet = await getSheet(manager, { application: application.slug, environment: 'prod', release: 'v1.0.0' })
    expect(sheet).toMatchObject({ wouldBe: 'refused', asksForName: true, mayRequest: { allowed: false, code: 'gates_blocked' }, baseline: null })
    expect(sheet.gates[0]).toMatchObject({ outcome: 'failed', gate: 'order', fix: { words: 'Promote v1.0.0 to staging first.' } })
    expect(await asPlatform((tx) => tx.promotion.count({ where: { tenantId: tenant.id } }))).toBe(0)
  })
})

describe('the room of promotions', () => {
  it('S2.6: reaches the builder by no import, so that no promotion can build', () => {
    const root = join(import.meta.dirname, '../../..')
    const seen = new Set<string>()
    const visit = (file: string) => {
      if (seen.has(file)) return
      seen.add(file)
      for (const [, path] of readFileSync(join(root, file), 'utf8').matchAll(/from '#(lib\/[^']+)'/g)) visit(`${path}.ts`)
    }
    const files = readdirSync(join(root, 'lib/promotions'), { recursive: true, encoding: 'utf8' })
    for (const file of files.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))) visit(join('lib/promotions', file))
    expect(seen.size).toBeGreaterThan(50)
    expect([...seen].filter((file) => file.startsWith('lib/builder/'))).toEqual([])
  })
})
