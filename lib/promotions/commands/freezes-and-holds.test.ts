import { describe, expect, it } from 'vitest'
import type { TenantContext } from '#lib/platform/context'
import { advancePromotion } from '#lib/promotions/commands/advance-promotion'
import { approvePromotion } from '#lib/promotions/commands/approve-promotion'
import { createFreeze } from '#lib/promotions/commands/create-freeze'
import { liftFreeze } from '#lib/promotions/commands/lift-freeze'
import { liftHold } from '#lib/promotions/commands/lift-hold'
import { requestPromotion } from '#lib/promotions/commands/request-promotion'
import { skipFreeze, withdrawSkip } from '#lib/promotions/commands/skip-freeze'
import { setHold } from '#lib/promotions/commands/set-hold'
import { getBoard } from '#lib/promotions/queries/get-board'
import { getPromotion } from '#lib/promotions/queries/get-promotion'
import { getSheet } from '#lib/promotions/queries/get-sheet'
import { listFreezes } from '#lib/promotions/queries/list-freezes'
import { listHolds } from '#lib/promotions/queries/list-holds'
import type { Weekly } from '#lib/promotions/weekly'
import { weekdays } from '#lib/promotions/weekly-words'
import { useTestDatabase } from '#lib/testing/database'
import { actAs, asPlatform, environmentId, makeApplication, makeTenant } from '#lib/testing/factories'
import { completeRollout } from '#lib/testing/promotions'
import { makeRelease } from '#lib/testing/releases'

useTestDatabase()

async function makeStage() {
  const tenant = await makeTenant()
  const { slug: application } = await makeApplication(tenant)
  const sre = await actAs(tenant, 'sre', 'release_manager')
  const app = { id: '', slug: application }
  app.id = (await asPlatform((tx) => tx.application.findFirstOrThrow({ where: { slug: application, tenantId: tenant.id } }))).id
  for (const name of ['v1.0.0', 'v1.1.0', 'v1.2.0']) await makeRelease(tenant, app, name)
  const ask = (release: string, more: Record<string, unknown> = {}) => requestPromotion(sre, { application, environment: 'dev', release, ...more })
  const deploy = async (release: string, more: Record<string, unknown> = {}) => {
    const asked = await ask(release, more)
    await completeRollout(sre, asked.id)
    return asked
  }
  return { tenant, application, sre, ask, deploy }
}

/** A week that is closed, or open, at this minute: an hour to either side of now by the clock of a zone. */
function weekAround(at: Date, timeZone: string, isClosed: boolean): Weekly {
  const moment = (hours: number) => {
    const parts = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }).formatToParts(new Date(at.getTime() + hours * 3_600_000))
    const of = (type: string) => parts.find((part) => part.type === type)?.value ?? ''
    const day = weekdays.find((one) => one === of('weekday').toLowerCase()) ?? 'mon'
    return { day, time: `${of('hour')}:${of('minute')}` }
  }
  return isClosed ? { timeZone, closes: moment(-6), opens: moment(6) } : { timeZone, closes: moment(6), opens: moment(12) }
}

const databaseNow = async (ctx: TenantContext) => new Date((await listFreezes(ctx, { includePast: false })).asOf)

describe('a freeze', () => {
  it('leaves one of its weeks open where somebody skips it by name, lets what waits go on, and closes it after all', async () => {
    const { tenant, sre, ask } = await makeStage()
    const freeze = await createFreeze(sre, {
      environment: 'dev',
      reason: 'nobody is here',
      weekly: weekAround(await databaseNow(sre), 'Europe/Berlin', true),
    })
    const list = () => listFreezes(sre, { includePast: false })
    await expect(ask('v1.0.0')).rejects.toMatchObject({ code: 'frozen' })
    const [now, next] = (await list()).upcoming
    const startsAt = now?.startsAt ?? ''
    const skipped = await skipFreeze(sre, { freeze: freeze.id, startsAt, reason: 'INC-7 goes out tonight' })
    expect(skipped).toMatchObject({ state: 'planned', startsAt: next?.startsAt, skips: [{ startsAt, reason: 'INC-7 goes out tonight' }] })
    expect((await list()).upcoming.map(({ skip }) => skip?.reason ?? null).slice(0, 2)).toEqual(['INC-7 goes out tonight', null])
    expect(await ask('v1.0.0')).toMatchObject({ state: 'rolling_out' })
    await expect(skipFreeze(sre, { freeze: freeze.id, startsAt, reason: 'again' })).rejects.toMatchObject({ code: 'conflict' })
    await expect(skipFreeze(sre, { freeze: freeze.id, startsAt: '2020-01-01T00:00:00Z', reason: 'x' })).rejects.toMatchObject({
      code: 'invalid_input',
      fix: expect.stringContaining(next?.startsAt ?? '?'),
    })
    const entry = await asPlatform((tx) => tx.auditEntry.findFirstOrThrow({ where: { subject: `freeze:${freeze.id}`, action: 'freeze.skipped' } }))
    expect(JSON.parse(entry.content)).toMatchObject({ after: { startsAt }, reason: 'INC-7 goes out tonight' })
    expect(await withdrawSkip(sre, { freeze: freeze.id, startsAt })).toMatchObject({ state: 'closed', skips: [] })
    await expect(withdrawSkip(sre, { freeze: freeze.id, startsAt })).rejects.toMatchObject({ code: 'conflict' })
    const developer = await actAs(tenant, 'developer')
    await expect(skipFreeze(developer, { freeze: freeze.id, startsAt, reason: 'x' })).rejects.toMatchObject({ code: 'forbidden' })
    const stranger = await actAs(await makeTenant(), 'sre')
    await expect(skipFreeze(stranger, { freeze: freeze.id, startsAt, reason: 'x' })).rejects.toMatchObject({ code: 'not_found' })
    const once = await createFreeze(sre, { environment: 'staging', reason: 'once' })
    await expect(skipFreeze(sre, { freeze: once.id, startsAt: once.startsAt, reason: 'x' })).rejects.toMatchObject({ code: 'conflict' })
  })

  it('closes at its times of each week by the database clock, says until when, and lists when it closes again', async () => {
    const { application, sre, ask } = await makeStage()
    const now = await databaseNow(sre)
    const weekly = weekAround(now, 'America/New_York', true)
    const freeze = await createFreeze(sre, { environment: 'dev', reason: 'nobody is here', weekly })
    expect(freeze).toMatchObject({ state: 'closed', weekly, validUntil: null })
    const opens = new Date(freeze.endsAt ?? '')
    expect(Math.abs(opens.getTime() - now.getTime() - 6 * 3_600_000)).toBeLessThanOrEqual(2 * 3_600_000)
    const refusal = ask('v1.0.0')
    await expect(refusal).rejects.toMatchObject({ code: 'frozen', message: expect.stringContaining(`until ${opens.toISOString()}`) })
    const board = await getBoard(sre)
    expect(board.environments.find(({ slug }) => slug === 'dev')?.freeze).toMatchObject({ state: 'closed', endsAt: opens.toISOString() })
    const sheet = await getSheet(sre, { application, environment: 'dev', release: 'v1.0.0' })
    expect(sheet).toMatchObject({ opensAt: opens.toISOString(), wouldBe: 'refused', mayRequest: { allowed: false, code: 'frozen' } })
    const { upcoming } = await listFreezes(sre, { includePast: false })
    expect(upcoming.map(({ freeze: id }) => id)).toEqual(upcoming.map(() => freeze.id))
    expect(upcoming.length).toBeGreaterThanOrEqual(4)
    await liftFreeze(sre, { freeze: freeze.id })
    expect((await ask('v1.0.0')).state).toBe('rolling_out')
  })

  it('of every environment is set, skipped and lifted by those whose membership covers every environment, and by nobody else', async () => {
    const { tenant, sre } = await makeStage()
    const limited = await actAs(tenant, 'sre', 'release_manager')
    Object.assign(limited.actor, { environmentIds: [await environmentId(tenant, 'dev')] })
    const refused = { code: 'forbidden', message: expect.stringMatching(/does not cover (staging|prod)/) as string }
    await expect(createFreeze(limited, { reason: 'x' })).rejects.toMatchObject(refused)
    await expect(createFreeze(limited, { environment: 'prod', reason: 'x' })).rejects.toMatchObject(refused)
    const line = await createFreeze(sre, { kind: 'stop_the_line', incident: 'INC-9', reason: 'x' })
    const weekly = await createFreeze(sre, { reason: 'x', weekly: weekAround(await databaseNow(sre), 'Europe/Berlin', true) })
    await expect(liftFreeze(limited, { freeze: line.id })).rejects.toMatchObject(refused)
    await expect(skipFreeze(limited, { freeze: weekly.id, startsAt: weekly.startsAt, reason: 'x' })).rejects.toMatchObject(refused)
    const { items, upcoming } = await listFreezes(limited, { includePast: false })
    expect(items.map(({ state, mayLift }) => [state, mayLift.allowed])).toEqual([
      ['closed', false],
      ['closed', false],
    ])
    expect(upcoming.some(({ maySkip }) => maySkip.allowed)).toBe(false)
    const own = await createFreeze(limited, { environment: 'dev', reason: 'x' })
    expect(own.mayLift).toEqual({ allowed: true })
    expect(await liftFreeze(limited, { freeze: own.id })).toMatchObject({ state: 'lifted' })
    expect(await liftFreeze(sre, { freeze: line.id })).toMatchObject({ state: 'lifted' })
  })

  it('says when the next weekly window closes while it is open', async () => {
    const { application, sre, ask } = await makeStage()
    const weekly = weekAround(await databaseNow(sre), 'Asia/Kathmandu', false)
    const freeze = await createFreeze(sre, { environment: 'dev', reason: 'the night', weekly })
    expect(freeze.state).toBe('planned')
    const sheet = await getSheet(sre, { application, environment: 'dev', release: 'v1.0.0' })
    expect(sheet).toMatchObject({ closesAt: freeze.startsAt, opensAt: null, mayRequest: { allowed: true } })
    expect((await ask('v1.0.0')).state).toBe('rolling_out')
  })

  it('lets a rollback pass, flagged in its plan, its gates and the record', async () => {
    const { sre, ask, deploy } = await makeStage()
    await deploy('v1.0.0')
    await deploy('v1.1.0')
    const freeze = await createFreeze(sre, { kind: 'stop_the_line', reason: 'outage', incident: 'INC-9' })
    await expect(ask('v1.2.0')).rejects.toMatchObject({ code: 'frozen' })
    const back = await ask('v1.0.0', { kind: 'rollback', reason: 'errors' })
    expect(back).toMatchObject({ state: 'rolling_out', plan: { freezeExemptions: [freeze.id] } })
    expect(back.gates.find(({ gate }) => gate === 'freeze')).toMatchObject({ outcome: 'passed', reason: expect.stringContaining('Exempt') })
    const entries = await asPlatform((tx) => tx.auditEntry.findMany({ where: { subject: `promotion:${back.id}` } }))
    expect(entries.filter(({ content }) => content.includes(freeze.id)).map(({ action }) => action)).toContain('promotion.claimed')
  })

  it.each([
    ['that comes back each week while the line is stopped', { kind: 'stop_the_line' as const, incident: 'INC-1' }],
    ['that would be over before its first time', { endsAt: 'soon' }],
  ])('is refused %s', async (_what, more) => {
    const { sre } = await makeStage()
    const now = await databaseNow(sre)
    const endsAt = 'endsAt' in more ? { endsAt: new Date(now.getTime() + 3_600_000).toISOString() } : {}
    const weekly = weekAround(now, 'UTC', false)
    await expect(createFreeze(sre, { reason: 'x', weekly, ...more, ...endsAt })).rejects.toMatchObject({ code: 'invalid_input' })
    expect((await listFreezes(sre, { includePast: true })).items).toEqual([])
  })
})

describe('a hold', () => {
  it('stands after a rollback with its reason, refuses what is new until somebody lifts it by name, and lets a rollback through', async () => {
    const { application, sre, ask, deploy } = await makeStage()
    await deploy('v1.0.0')
    await deploy('v1.1.0')
    await deploy('v1.2.0')
    const back = await deploy('v1.1.0', { kind: 'rollback', reason: 'errors at checkout', incident: 'INC-7' })
    const { items } = await listHolds(sre, { includePast: false })
    expect(items).toMatchObject([
      { promotionId: back.id, state: 'standing', reason: 'rolled back “errors at checkout” (INC-7)', setBy: back.requestedBy },
    ])
    const refusal = ask('v1.2.0')
    await expect(refusal).rejects.toMatchObject({ code: 'held', fix: expect.stringContaining(`caisson hold lift ${application} dev`) })
    await expect(ask('', { kind: 'config', release: undefined })).rejects.toMatchObject({ code: expect.stringMatching(/held|conflict/) })
    const [row] = (await getBoard(sre)).rows
    expect(row?.cells.find(({ environment }) => environment === 'dev')?.hold).toMatchObject({ id: items[0]?.id })
    const further = await deploy('v1.0.0', { kind: 'rollback', reason: 'further' })
    expect((await getPromotion(sre, { promotion: further.id })).state).toBe('completed')
    // One stands already: it keeps its reason.
    expect((await listHolds(sre, { includePast: true })).items).toHaveLength(1)
    const viewer = await actAs((await makeStage()).tenant, 'sre')
    await expect(liftHold(viewer, { hold: items[0]?.id ?? '', reason: 'x' })).rejects.toMatchObject({ code: 'not_found' })
    await expect(liftHold(sre, { hold: items[0]?.id ?? '', reason: ' ' })).rejects.toThrow(/small/)
    expect(await liftHold(sre, { hold: items[0]?.id ?? '', reason: 'v1.2.0 was not it' })).toMatchObject({
      liftedBy: back.requestedBy,
      state: 'lifted',
    })
    await expect(liftHold(sre, { hold: items[0]?.id ?? '', reason: 'twice' })).rejects.toMatchObject({ code: 'conflict' })
    expect((await ask('v1.2.0')).state).toBe('rolling_out')
  })

  it('set by two at once stands once, and keeps what waits for approval waiting until it is lifted', async () => {
    const { tenant, application, sre, deploy } = await makeStage()
    await deploy('v1.0.0')
    await completeRollout(sre, (await requestPromotion(sre, { application, environment: 'staging', release: 'v1.0.0' })).id)
    const prod = await requestPromotion(sre, { application, environment: 'prod', release: 'v1.0.0' })
    const place = { application, environment: 'prod', reason: 'wait for me' }
    const set = await Promise.allSettled([setHold(sre, place), setHold(sre, place)])
    expect(set.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const approver = await actAs(tenant, 'approver')
    expect(await approvePromotion(approver, { promotion: prod.id, planDigest: prod.planDigest })).toMatchObject({ state: 'approved', rollout: null })
    const [hold] = (await listHolds(sre, { includePast: false })).items
    await expect(setHold(approver, place)).rejects.toMatchObject({ code: 'forbidden' })
    await liftHold(sre, { hold: hold?.id ?? '', reason: 'go on' })
    await advancePromotion(sre, { promotionId: prod.id })
    expect((await getPromotion(sre, { promotion: prod.id })).state).toBe('rolling_out')
  })
})
