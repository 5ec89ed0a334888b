import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { eventTopics } from '#lib/audit/event-topics'
import { pauseWebhook, updateWebhook } from '#lib/notifications/commands/change-webhook'
import { dispatch } from '#lib/notifications/commands/dispatch'
import { forgetDeliveries } from '#lib/notifications/commands/forget-deliveries'
import { createWebhook, removeWebhook, replayDelivery, resumeWebhook, rotateWebhook, testWebhook } from '#lib/notifications/commands/manage-webhooks'
import { listDeliveries, listWebhooks } from '#lib/notifications/queries/list-webhooks'
import { mostAttempts, waitAfter } from '#lib/notifications/webhook'
import type { TenantContext } from '#lib/platform/context'
import { isPublicAddress, post, refuseUnsafeUrl } from '#lib/platform/egress'
import { useTestDatabase } from '#lib/testing/database'
import { actAs, asPlatform, makeTenant } from '#lib/testing/factories'

useTestDatabase()

interface Received {
  path: string
  headers: IncomingMessage['headers']
  body: string
}

let server: Server
let origin: string
const received: Received[] = []
let answerWith = 200
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body })
      response.writeHead(answerWith, answerWith === 302 ? { location: `${origin}/elsewhere` } : {}).end('thanks\0'.repeat(1000))
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  process.env['CAISSON_WEBHOOKS_TO_LOOPBACK'] = 'true'
})
afterAll(() => {
  delete process.env['CAISSON_WEBHOOKS_TO_LOOPBACK']
  server.close()
})

let counter = 0
async function makeHook(topics: (keyof typeof eventTopics)[] = []) {
  counter += 1
  const ctx = await actAs(await makeTenant(), 'tenant_admin')
  const hook = await createWebhook(ctx, { name: 'chat', url: `${origin}/${counter}`, topics })
  const mine = () => received.filter(({ path }) => path === new URL(hook.url).pathname)
  const deliveries = async () => (await listDeliveries(ctx, { webhook: hook.id, limit: 100 })).items
  return { ctx, hook, mine, deliveries }
}

const say = (ctx: TenantContext, action = 'promotion.completed') =>
  ctx.write((tx) => appendEntry(tx, ctx, { action, subject: { kind: 'promotion', id: 'p1', name: 'orders v1 → prod' } }))
const due = (id: string) => asPlatform((tx) => tx.$executeRaw`update webhook_delivery set next_at = now() where target_id = ${id}`)
const turn = () => dispatch({ workerId: 'w1' })

/** As the Standard Webhooks specification tells a listener to verify. */
function verifies({ headers, body }: Received, secret: string): boolean {
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`
  const expected = createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64'))
    .update(signed)
    .digest('base64')
  return String(headers['webhook-signature']).split(' ').includes(`v1,${expected}`)
}

describe('an event', () => {
  it('S3.16: leaves with its change or not at all, signed, once, however many dispatchers there are', async () => {
    const { ctx, hook, mine, deliveries } = await makeHook()
    await expect(
      ctx.write(async (tx) => {
        await appendEntry(tx, ctx, { action: 'promotion.completed', subject: { kind: 'promotion', id: 'undone' } })
        throw new Error('the change fails')
      }),
    ).rejects.toThrow('the change fails')
    await say(ctx)
    await say(ctx, 'member.changed')
    await Promise.all([dispatch({ workerId: 'w1' }), dispatch({ workerId: 'w2' }), dispatch({ workerId: 'w3' })])
    await Promise.all([dispatch({ workerId: 'w1' }), dispatch({ workerId: 'w2' })])
    expect(mine()).toHaveLength(1)
    const [one] = mine() as [Received]
    expect(verifies(one, hook.secret)).toBe(true)
    expect(JSON.parse(one.body)).toMatchObject({ type: 'promotion.completed', data: { tenant: ctx.tenant.slug, subject: { id: 'p1' } } })
    const [delivery] = await deliveries()
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 1, log: [{ status: 200, error: '' }] })
    expect(delivery?.log[0]?.body.length).toBeLessThanOrEqual(2000)
    expect(one.headers['webhook-id']).toBe(delivery?.eventId)
  })

  it('S3.16: that nobody takes is tried again, later each time, and is dead after the last attempt; a person replays it under the same id', async () => {
    const { ctx, hook, mine, deliveries } = await makeHook()
    answerWith = 500
    await say(ctx)
    await turn()
    for (let attempt = 1; attempt <= mostAttempts + 2; attempt += 1) {
      await due(hook.id)
      await turn()
    }
    answerWith = 200
    expect(mine()).toHaveLength(mostAttempts)
    expect((await deliveries())[0]).toMatchObject({ state: 'dead', attempts: mostAttempts })
    const died = await asPlatform((tx) => tx.auditEntry.findMany({ where: { log: ctx.tenant.id, action: 'webhook.delivery_died' } }))
    expect(died).toHaveLength(1)
    const waits = Array.from({ length: mostAttempts }, (_, index) => waitAfter(index + 1, 0.5))
    expect(waits).toEqual(waits.toSorted((left, right) => left - right))
    expect([waitAfter(1, 0), waitAfter(1, 1), waitAfter(99, 1)]).toEqual([2500, 5000, 3_600_000])
    const [dead] = await deliveries()
    await replayDelivery(ctx, { webhook: hook.id, delivery: dead?.id ?? '' })
    await turn()
    expect(mine().at(-1)?.headers['webhook-id']).toBe(dead?.eventId)
    expect((await deliveries())[0]).toMatchObject({ state: 'delivered', replayOf: dead?.id })
  })

  it('S3.38: that this installation did not write goes nowhere and raises an alarm', async () => {
    const { ctx, mine } = await makeHook()
    await say(ctx)
    await asPlatform(
      (tx) => tx.$executeRaw`
      update outbox_event set payload = replace(payload, 'completed', 'approved') where tenant_id = ${ctx.tenant.id}`,
    )
    await turn()
    await turn()
    expect(mine()).toEqual([])
    const alarms = await asPlatform((tx) => tx.auditEntry.findMany({ where: { log: ctx.tenant.id, action: 'event.rejected' } }))
    expect(alarms.map(({ outcome }) => outcome)).toEqual(['failed'])
  })

  it('S0.10: has a topic that is documented, and no other leaves', async () => {
    const documented = readFileSync(join(import.meta.dirname, '../../docs/operators/webhooks.md'), 'utf8')
    const named = [...documented.matchAll(/^\| `([a-z_.]+)` \|/gm)].map(([, topic]) => topic)
    expect(named).toEqual(Object.keys(eventTopics))
  })
})

describe('a webhook', () => {
  it('hears the topics that it asked for, and a test that is for it alone', async () => {
    const { ctx, hook, mine } = await makeHook(['promotion.failed'])
    const other = await createWebhook(ctx, { name: 'other', url: `${origin}/other-${counter}`, topics: [] })
    await say(ctx, 'promotion.completed')
    await say(ctx, 'promotion.failed')
    await testWebhook(ctx, { webhook: hook.name })
    await turn()
    await turn()
    expect(mine().map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual(
      expect.arrayContaining(['promotion.failed', 'webhook.tested']),
    )
    expect(mine()).toHaveLength(2)
    const others = received.filter(({ path }) => path === new URL(other.url).pathname)
    expect(others.map(({ body }) => (JSON.parse(body) as { type: string }).type)).not.toContain('webhook.tested')
  })

  it('signs with both secrets for a day after a rotation', async () => {
    const { ctx, hook, mine } = await makeHook()
    const { secret } = await rotateWebhook(ctx, { webhook: hook.id })
    expect(secret).not.toBe(hook.secret)
    await say(ctx)
    await turn()
    await turn()
    expect(mine().map((one) => [verifies(one, hook.secret), verifies(one, secret)])).toEqual([[true, true]])
    await asPlatform((tx) => tx.$executeRaw`update webhook_target set previous_until = now() - interval '1 second' where id = ${hook.id}`)
    await say(ctx)
    await turn()
    await turn()
    expect(
      mine()
        .map((one) => [verifies(one, hook.secret), verifies(one, secret)])
        .at(-1),
    ).toEqual([false, true])
  })

  it('is switched off after three days without an answer, says so, and goes on where it stood when a person switches it on', async () => {
    const { ctx, hook, mine } = await makeHook()
    answerWith = 302
    await say(ctx)
    await turn()
    await due(hook.id)
    await turn()
    expect((await listWebhooks(ctx)).items[0]).toMatchObject({ state: 'failing' })
    await asPlatform((tx) => tx.$executeRaw`update webhook_target set failing_since = now() - interval '4 days' where id = ${hook.id}`)
    await due(hook.id)
    await turn()
    answerWith = 200
    expect((await listWebhooks(ctx)).items[0]).toMatchObject({ state: 'disabled', disabledReason: expect.stringContaining('three days') })
    // Redirects were answers, and nobody followed them.
    expect(received.some(({ path }) => path === '/elsewhere')).toBe(false)
    const before = mine().length
    await due(hook.id)
    await turn()
    expect(mine()).toHaveLength(before)
    await resumeWebhook(ctx, { webhook: hook.id })
    await turn()
    expect(mine().length).toBe(before + 1)
    await removeWebhook(ctx, { webhook: hook.id })
    await say(ctx)
    await turn()
    expect(mine()).toHaveLength(before + 1)
  })

  it('is read by an auditor with its deliveries, without the path that lets one write there, and changed by none', async () => {
    const { ctx, hook } = await makeHook()
    await say(ctx)
    await turn()
    const auditor = await actAs(ctx.tenant, 'auditor')
    const [seen] = (await listWebhooks(auditor)).items
    expect(seen).toMatchObject({
      name: 'chat',
      url: `${origin}/…`,
      counts: { delivered: 1 },
      may: { test: { allowed: false }, resume: { allowed: false } },
    })
    const [delivery] = (await listDeliveries(auditor, { webhook: hook.id, limit: 10 })).items
    expect(delivery).toMatchObject({ topic: 'promotion.completed', state: 'delivered', mayReplay: { allowed: false } })
    await expect(replayDelivery(auditor, { webhook: hook.id, delivery: delivery?.id ?? '' })).rejects.toMatchObject({ code: 'forbidden' })
    expect((await listWebhooks(ctx)).items[0]?.url).toBe(hook.url)
  })

  it('is the matter of those who manage them, and nobody else’s, here and in another tenant', async () => {
    const { ctx, hook } = await makeHook()
    const stranger = await actAs(await makeTenant(), 'tenant_admin')
    await expect(listDeliveries(stranger, { webhook: hook.id, limit: 10 })).rejects.toMatchObject({ code: 'not_found' })
    await expect(removeWebhook(stranger, { webhook: hook.id })).rejects.toMatchObject({ code: 'not_found' })
    const viewer = await actAs(ctx.tenant, 'viewer', 'sre')
    await expect(listWebhooks(viewer)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(createWebhook(ctx, { name: 'chat', url: `${origin}/again`, topics: [] })).rejects.toMatchObject({ code: 'conflict' })
    const rows = await asPlatform((tx) => tx.$queryRaw<{ text: string }[]>`select t::text as text from webhook_target t where id = ${hook.id}`)
    expect(JSON.stringify(rows)).not.toContain(hook.secret.slice('whsec_'.length, 20))
  })
})

describe('where a request may go', () => {
  it.each([
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:10.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::a00:1',
    '::a00:1',
    '::7f00:1',
    '::ffff:0:a00:1',
    '64:ff9b:1::a00:1',
    '100::1',
    '100:0:0:1::1',
    '2001::a00:1',
    '2001:db8::1',
    '3fff::1',
    '4000::1',
    '5f00::1',
    'fec0::1',
    '2002:a00:1::',
    'ff02::1',
    '100.127.255.255',
    '198.18.0.1',
    'nonsense',
  ])('is not %s', (address) => expect(isPublicAddress(address, true)).toBe(false))

  it.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1'])(
    'is %s where development asks for it, and nowhere else',
    (address) => {
      expect(isPublicAddress(address, true)).toBe(true)
      expect(isPublicAddress(address, false)).toBe(false)
    },
  )

  it.each(['93.184.215.14', '8.8.8.8', '2606:4700::1111'])('is %s', (address) => expect(isPublicAddress(address, false)).toBe(true))

  it('is told before anything is sent: no http, no password, no address in disguise, no name that leads inside', async () => {
    delete process.env['CAISSON_WEBHOOKS_TO_LOOPBACK']
    try {
      for (const url of [
        'http://example.com/',
        'https://user:secret@example.com/',
        'ftp://example.com/',
        'nonsense',
        'https://10.0.0.1/',
        'https://0x7f.1/',
        'https://[::1]/',
        'https://2130706433/',
        'https://[::7f00:1]/',
        'https://[::ffff:0:127.0.0.1]/',
      ]) {
        expect(() => refuseUnsafeUrl(url)).toThrow(/no address|user name|https only|inside of this network/)
      }
      const before = received.length
      await expect(post(origin.replace('http:', 'https:').replace('127.0.0.1', 'localhost'), {}, '{}', 1000)).rejects.toMatchObject({
        code: 'forbidden',
      })
      expect(received).toHaveLength(before)
    } finally {
      process.env['CAISSON_WEBHOOKS_TO_LOOPBACK'] = 'true'
    }
  })
})

describe('a webhook that is changed', () => {
  it('has another address and other topics with the same secret, on record with what it had before; a name that is taken is refused', async () => {
    const { ctx, hook, deliveries } = await makeHook()
    const other = await createWebhook(ctx, { name: 'tickets', url: `${origin}/tickets`, topics: [] })
    const changed = await updateWebhook(ctx, { webhook: hook.id, url: `${origin}/changed-${hook.id}`, topics: ['promotion.failed'] })
    expect(changed).toMatchObject({ name: 'chat', topics: ['promotion.failed'], previousUntil: null })
    await say(ctx)
    await say(ctx, 'promotion.failed')
    while ((await turn()) > 0);
    const mine = received.filter(({ path }) => path === `/changed-${hook.id}`)
    expect(mine.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual(['promotion.failed'])
    expect(mine.every((one) => verifies(one, hook.secret))).toBe(true)
    expect(await deliveries()).toHaveLength(1)
    const entry = await asPlatform((tx) => tx.auditEntry.findFirstOrThrow({ where: { subject: `webhook:${hook.id}`, action: 'webhook.updated' } }))
    expect(JSON.parse(entry.content)).toMatchObject({ before: { topics: [], url: `${origin}/…` }, after: { topics: ['promotion.failed'] } })
    const { before, after } = JSON.parse(entry.content) as Record<'before' | 'after', { urlDigest: string }>
    expect(after.urlDigest).not.toBe(before.urlDigest)
    // Entries are read by every member: none has the path that lets one write there.
    const all = await asPlatform((tx) => tx.auditEntry.findMany({ where: { subject: { startsWith: 'webhook:' }, log: ctx.tenant.id } }))
    expect(all.map(({ action }) => action).toSorted()).toEqual(['webhook.created', 'webhook.created', 'webhook.updated'])
    expect(JSON.stringify(all)).not.toMatch(new RegExp(`${new URL(hook.url).pathname}"|/tickets|/changed-`))
    await expect(updateWebhook(ctx, { webhook: other.id, name: 'chat' })).rejects.toMatchObject({ code: 'conflict' })
    await expect(updateWebhook(ctx, { webhook: other.id, url: 'http://10.0.0.1/x' })).rejects.toMatchObject({ code: 'forbidden' })
    const stranger = await actAs(await makeTenant(), 'tenant_admin')
    await expect(updateWebhook(stranger, { webhook: hook.id, topics: [] })).rejects.toMatchObject({ code: 'not_found' })
    await expect(updateWebhook(await actAs(ctx.tenant, 'developer'), { webhook: hook.id, topics: [] })).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('sends nothing while it is paused, says who paused it, and sends what waited when it is resumed', async () => {
    const { ctx, hook, mine, deliveries } = await makeHook()
    answerWith = 503
    await say(ctx)
    while ((await turn()) > 0);
    expect(await pauseWebhook(ctx, { webhook: hook.id })).toMatchObject({
      state: 'paused',
      disabledReason: expect.stringMatching(/^Paused by /),
      may: { pause: { allowed: false }, test: { allowed: false }, resume: { allowed: true } },
    })
    await expect(pauseWebhook(ctx, { webhook: hook.id })).rejects.toMatchObject({ code: 'conflict' })
    answerWith = 200
    const tried = mine().length
    await due(hook.id)
    await say(ctx)
    while ((await turn()) > 0);
    expect(mine()).toHaveLength(tried)
    expect(await resumeWebhook(ctx, { webhook: hook.id })).toMatchObject({ state: 'active', disabledReason: '' })
    while ((await turn()) > 0);
    expect((await deliveries()).map(({ state }) => state)).toEqual(['delivered'])
    expect(mine()).toHaveLength(tried + 1)
  })

  it('is forgotten delivery by delivery once they are old, with their attempts and events; what waits and what is new stays', async () => {
    const { ctx, deliveries } = await makeHook()
    for (let round = 0; round < 3; round += 1) await say(ctx)
    while ((await turn()) > 0);
    const [newest, middle, oldest] = await deliveries()
    const age = (id: string | undefined, state: string) =>
      asPlatform(async (tx) => {
        await tx.$executeRaw`update webhook_delivery set settled_at = case when ${state} = 'pending' then null else now() - interval '40 days' end, state = ${state}, next_at = now() + interval '1 day' where id = ${id}`
        await tx.$executeRaw`update outbox_event set taken_at = now() - interval '40 days' where id = (select event_id from webhook_delivery where id = ${id})`
      })
    await age(oldest?.id, 'dead')
    await age(middle?.id, 'pending')
    await forgetDeliveries(30)
    expect((await deliveries()).map(({ id }) => id)).toEqual([newest?.id, middle?.id])
    const left = await asPlatform(async (tx) => ({
      attempts: await tx.webhookAttempt.count({ where: { deliveryId: oldest?.id ?? '' } }),
      event: await tx.outboxEvent.count({ where: { id: oldest?.eventId ?? '' } }),
      kept: await tx.outboxEvent.count({ where: { id: { in: [newest?.eventId ?? '', middle?.eventId ?? ''] } } }),
    }))
    expect(left).toEqual({ attempts: 0, event: 0, kept: 2 })
  })
})
