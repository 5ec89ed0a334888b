import { createServer as createHttp, type Server } from 'node:http'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { closeDatabase } from '#lib/platform/database'
import { Gateway } from '#lib/runtime/gateway/gateway'
import { notifyRoutes } from '#lib/runtime/gateway/assign-port'
import type { GatewayRoute } from '#lib/runtime/gateway/routes'
import { loadRoutes, watchRoutes } from '#lib/runtime/gateway/watch-routes'
import { assignGatewayPort } from '#lib/runtime/gateway/assign-port'
import { useTestDatabase } from '#lib/testing/database'
import { eventually } from '#lib/testing/eventually'
import { asPlatform } from '#lib/testing/factories'
import { makeRolloutStage } from '#lib/testing/rollouts'

const test = useTestDatabase()

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

/** Software that says who it is. */
async function software(name: string): Promise<string> {
  const server: Server = createHttp((_request, response) => response.end(name))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  closing.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A deployed application with a port, and its replicas as rows. */
async function makeServed(addresses: Record<string, string>) {
  const stage = await makeRolloutStage({ replicas: 1 })
  const asked = await stage.ask('v1.0.0')
  await stage.settle(asked.rolloutId)
  const [made] = await stage.replicas()
  if (!made) throw new Error('nothing was deployed')
  const port = await asPlatform((tx) => assignGatewayPort(tx, { tenantId: stage.tenant.id, ...stage.rows }))
  await asPlatform(async (tx) => {
    await tx.replica.deleteMany({ where: stage.rows })
    for (const [id, address] of Object.entries(addresses)) await tx.replica.create({ data: { ...made, id, address } })
    await notifyRoutes(tx)
  })
  const set = (id: string, state: string, tells = true) =>
    asPlatform(async (tx) => {
      await tx.replica.updateMany({ where: { id }, data: { state } })
      if (tells) await notifyRoutes(tx)
    })
  const idsNow = async () => (await loadRoutes()).find((route) => route.port === port)?.replicas.map(({ id }) => id)
  return { stage, port, set, idsNow, url: `http://127.0.0.1:${port}` }
}

function watch(onRoutes: (routes: GatewayRoute[]) => Promise<boolean>): () => Promise<void> {
  const stopping = new AbortController()
  const watching = watchRoutes(onRoutes, stopping.signal)
  const stop = async (): Promise<void> => {
    stopping.abort()
    await watching
  }
  closing.push(stop)
  return stop
}

async function startGateway(): Promise<() => Promise<void>> {
  const gateway = new Gateway()
  const stop = watch((routes) => gateway.take(routes))
  const end = async (): Promise<void> => {
    await stop()
    await gateway.close()
  }
  closing.push(end)
  return end
}

async function ask(url: string): Promise<string> {
  const answer = await fetch(url, { headers: { connection: 'close' } })
  return answer.ok ? await answer.text() : String(answer.status)
}

/** A door to PostgreSQL that can be shut. */
async function databaseDoor() {
  const { hostname, port } = new URL(test.ownerUrl)
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    // The server that tests bring is asked by its socket and answers here as well.
    const upstream = connect({ host: hostname.startsWith('%2F') ? '127.0.0.1' : hostname, port: Number(port) })
    for (const one of [client, upstream]) {
      sockets.add(one)
      one.on('error', () => {})
      one.once('close', () => sockets.delete(one))
    }
    client.pipe(upstream).pipe(client)
    client.once('close', () => upstream.destroy())
    upstream.once('close', () => client.destroy())
  })
  const open = (at: number) => new Promise<void>((done) => server.listen(at, '127.0.0.1', done))
  await open(0)
  const at = (server.address() as AddressInfo).port
  const url = new URL(test.ownerUrl)
  url.hostname = '127.0.0.1'
  url.port = String(at)
  await closeDatabase()
  process.env['DATABASE_URL'] = url.href
  const shut = (): void => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  closing.push(async () => {
    await closeDatabase()
    process.env['DATABASE_URL'] = test.ownerUrl
    shut()
  })
  return { shut, open: () => open(at) }
}

describe('the routes of a gateway', () => {
  it('lead to the ready replicas; where none is known to be ready, to those that nobody asked yet; to no other', async () => {
    const { port, set, idsNow } = await makeServed({ 'r-a': '127.0.0.1:1', 'r-b': '127.0.0.1:2', 'r-c': '' })
    expect(await idsNow()).toEqual(['r-a', 'r-b'])
    await set('r-a', 'stopping')
    expect(await idsNow()).toEqual(['r-b'])
    await set('r-a', 'unknown')
    expect(await idsNow()).toEqual(['r-b'])
    await set('r-b', 'not_ready')
    expect(await idsNow()).toEqual(['r-a'])
    await set('r-a', 'exited')
    expect(await idsNow()).toEqual([])
    expect((await loadRoutes()).find((route) => route.port === port)).toMatchObject({ environment: 'dev' })
  })

  it('change when PostgreSQL says so, and a moment later when nobody does; the same ones are told once, or until they are taken', async () => {
    const { port, set } = await makeServed({ 'r-d': '127.0.0.1:1', 'r-e': '127.0.0.1:2' })
    const seen: string[][] = []
    let isTaken = true
    watch(async (routes) => {
      seen.push(routes.find((route) => route.port === port)?.replicas.map(({ id }) => id) ?? [])
      return isTaken
    })
    await eventually('the first are there', () => seen.at(-1)?.length === 2)
    await set('r-d', 'stopping')
    await eventually('one left', () => seen.at(-1)?.join() === 'r-e')
    const count = seen.length
    await set('r-d', 'stopping')
    isTaken = false
    await set('r-d', 'ready', false)
    await eventually('it is back, and told again while it is not taken', () => seen.length >= count + 3)
    expect(seen.slice(count).every((ids) => ids.join() === 'r-d,r-e')).toBe(true)
  })

  it('hold while PostgreSQL is away, also for a gateway that starts then; what changed meanwhile counts when it is back', async () => {
    const served = await makeServed({ 'r-f': await software('one'), 'r-g': await software('two') })
    await served.set('r-g', 'not_ready')
    const door = await databaseDoor()
    const end = await startGateway()
    await eventually('the address answers', async () => (await ask(served.url)) === 'one')
    door.shut()
    const asked = await Promise.all(Array.from({ length: 20 }, () => ask(served.url)))
    expect(new Set(asked)).toEqual(new Set(['one']))
    await end()
    await expect(ask(served.url)).rejects.toThrow('fetch failed')
    await startGateway()
    expect(await eventually('a new gateway knows the way', async () => await ask(served.url))).toBe('one')
    await door.open()
    await eventually('the database is back', () => served.set('r-f', 'stopping').then(() => true))
    await served.set('r-g', 'ready')
    await eventually('it goes to the other', async () => (await ask(served.url)) === 'two')
  })

  it('start from nothing when the copy on disk cannot be read', async () => {
    const { port } = await makeServed({ 'r-h': '127.0.0.1:1' })
    const copy = join(test.dataDir, 'gateway/routes.json')
    writeFileSync(copy, '[{"port":"many"}]')
    const seen: GatewayRoute[][] = []
    watch(async (routes) => seen.push(routes) > 0)
    await eventually('routes come', () => seen.at(-1)?.some((route) => route.port === port))
    expect(seen[0]).toEqual([])
    expect(JSON.parse(readFileSync(copy, 'utf8'))).toEqual(seen.at(-1))
  })
})
