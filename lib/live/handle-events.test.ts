import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { forgetEvents } from '#lib/live/commands/forget-events'
import { handleEvents } from '#lib/live/handle-events'
import type { TenantContext } from '#lib/platform/context'
import { announce } from '#lib/platform/live-event'
import { useTestDatabase } from '#lib/testing/database'
import { eventually } from '#lib/testing/eventually'
import { actAs, asPlatform, makeTenant } from '#lib/testing/factories'

useTestDatabase()

let server: Server
let caller: TenantContext
let url = ''

beforeAll(async () => {
  server = createServer((request, response) => void handleEvents(caller, request, response))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function listen(ctx: TenantContext, lastEventId?: bigint) {
  caller = ctx
  const stop = new AbortController()
  const headers = lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }
  const answer = await fetch(url, { signal: stop.signal, headers })
  const heard = { text: '', stop: () => stop.abort() }
  void (async () => {
    for await (const chunk of answer.body ?? []) heard.text += Buffer.from(chunk).toString()
  })().catch(() => {})
  return heard
}

const say = (ctx: TenantContext, subject: string) => ctx.write((tx) => announce(tx, ctx.tenant.id, 'board', subject))
const subjects = (text: string) => [...text.matchAll(/"subject":"([^"]+)"/g)].map(([, subject]) => subject)

describe('live events', () => {
  it('reach the pages of their tenant after the commit, once each, and no other tenant', async () => {
    const [ours, theirs] = [await actAs(await makeTenant(), 'viewer'), await actAs(await makeTenant(), 'viewer')]
    await say(ours, 'before')
    const here = await listen(ours)
    const there = await listen(theirs)
    await Promise.all(Array.from({ length: 20 }, (_, n) => say(ours, `event-${n}`)))
    await eventually('all of them are heard', () => subjects(here.text).filter((subject) => subject?.startsWith('event-')).length >= 20)
    await say(theirs, 'own')
    await eventually('the other tenant hears its own', () => subjects(there.text).includes('own'))
    const heard = subjects(here.text).filter((subject) => subject?.startsWith('event-'))
    expect(new Set(heard).size).toBe(20)
    expect(heard).toHaveLength(20)
    expect(subjects(here.text)).not.toContain('before')
    expect(subjects(there.text)).toEqual(['own'])
    here.stop()
    there.stop()
  })

  it('R-16: go on after the last one that a page has seen, or tell it to ask for everything', async () => {
    const ctx = await actAs(await makeTenant(), 'viewer')
    for (const subject of ['a', 'b', 'c']) await say(ctx, subject)
    const [first] = await asPlatform((tx) => tx.liveEvent.findMany({ where: { tenantId: ctx.tenant.id }, orderBy: { id: 'asc' } }))
    const resumed = await listen(ctx, first?.id)
    await eventually('what was missed is told', () => subjects(resumed.text).length >= 2)
    expect(subjects(resumed.text)).toEqual(['b', 'c'])
    resumed.stop()
    const lost = await listen(ctx, 1n << 50n)
    await eventually('a page too far behind starts over', () => lost.text.includes('event: reset'))
    lost.stop()
  })

  it('are forgotten after an hour', async () => {
    const ctx = await actAs(await makeTenant(), 'viewer')
    await say(ctx, 'old')
    await asPlatform((tx) => tx.$executeRaw`update live_event set created_at = now() - interval '2 hours' where tenant_id = ${ctx.tenant.id}`)
    await say(ctx, 'new')
    expect(await forgetEvents()).toBeGreaterThanOrEqual(1)
    expect((await asPlatform((tx) => tx.liveEvent.findMany({ where: { tenantId: ctx.tenant.id } }))).map(({ subject }) => subject)).toEqual(['new'])
  })
})
