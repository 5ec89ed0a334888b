// R-08: the disk is full while an upload arrives, while its image is built, and while a layer is pushed. The kernel says so itself:
// what would be written to a new file goes to /dev/full.
import type * as Fs from 'node:fs'
import { readdirSync } from 'node:fs'
import type * as FsPromises from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ownRoutes } from '#bin/http/own-routes'
import { handleRegistry } from '#bin/http/registry'
import { createHttpServer } from '#bin/http/server'
import { upload } from '#bin/http/upload'
import { digestOf } from '#lib/oci/digest'
import { useTestDatabase } from '#lib/testing/database'
import { makeApplication, makePerson, makeTenant } from '#lib/testing/factories'
import { bearerOf } from '#lib/testing/http'
import { callOver } from '#lib/testing/raw-http'
import { expectRefusal } from '#lib/testing/refusals'
import { plainJar, zipOf } from '#lib/testing/zip'

const full = vi.hoisted(() => ({ folder: '' }))
const isFull = (path: unknown) => full.folder !== '' && String(path).includes(`/${full.folder}/`)

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof Fs>()
  const createWriteStream = ((path, options) =>
    isFull(path) ? fs.createWriteStream('/dev/full') : fs.createWriteStream(path, options)) as typeof fs.createWriteStream
  return { ...fs, createWriteStream }
})
vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof FsPromises>()
  const open = ((path, flags, mode) => (isFull(path) && flags === 'wx' ? fs.open('/dev/full', 'w') : fs.open(path, flags, mode))) as typeof fs.open
  return { ...fs, open }
})

const state = useTestDatabase()
let server: Server
let url = ''
let authorization = ''

beforeAll(async () => {
  const nothing = async () => {}
  const own = ownRoutes({ 'POST /api/v1/tenants/{tenant}/applications/{application}/releases': upload })
  server = createHttpServer({ health: nothing, ready: nothing, registry: handleRegistry, pages: nothing, own })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const tenant = await makeTenant({ slug: 'northwind' })
  await makeApplication(tenant, 'orders')
  authorization = `Bearer ${await bearerOf(await makePerson({ tenant, roles: ['developer'] }))}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const jar = zipOf(plainJar())
const send = () =>
  callOver(`${url}/api/v1/tenants/northwind/applications/orders/releases?name=v1.0.0`, {
    method: 'POST',
    headers: { authorization, 'content-length': String(jar.length) },
    body: [jar],
  })

function files(): string[] {
  return readdirSync(state.dataDir, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() && !entry.parentPath.includes('/keys') ? [join(entry.parentPath, entry.name)] : [],
  )
}

describe('R-08: a full disk', () => {
  it.each([
    ['uploads', 'while the bytes arrive', /The disk of the server is full/],
    ['blobs', 'while the image is built', /The disk of the blob store is full/],
  ])('under %s, %s, is said in words, leaves nothing, and the next upload works', async (folder, _when, words) => {
    expect(files()).toEqual([])
    full.folder = folder
    await expectRefusal({ code: 'unavailable', words, fix: /Free some space/ }, send)
    full.folder = ''
    expect(files()).toEqual([])
  })

  it('under the registry is said in words to who pushes, in one request and in pieces, and leaves nothing', async () => {
    const layer = Buffer.from('a layer')
    const basic = `Basic ${Buffer.from(`x:${authorization.slice('Bearer '.length)}`).toString('base64')}`
    const push = async (path: string, method: string) => {
      const answer = await callOver(`${url}/v2/northwind/orders/blobs/uploads/${path}`, {
        method,
        headers: { authorization: basic, 'content-length': String(layer.length) },
        body: [layer],
      })
      return { ...answer, body: answer.body as { errors: { message: string }[] } }
    }
    const started = await callOver(`${url}/v2/northwind/orders/blobs/uploads/`, {
      method: 'POST',
      headers: { authorization: basic, 'content-length': '0' },
    })
    const id = started.headers.get('docker-upload-uuid') ?? ''
    full.folder = 'blobs'
    const whole = await push(`?digest=${digestOf(layer)}`, 'POST')
    full.folder = 'uploads'
    const piece = await push(id, 'PATCH')
    full.folder = ''
    for (const answer of [whole, piece])
      expect([answer.status, answer.body.errors[0]?.message]).toEqual([503, expect.stringMatching(/disk .* is full/)])
    expect(files()).toEqual([])
    expect((await push(id, 'PATCH')).status).toBe(202)
    expect((await callOver(`${url}/v2/northwind/orders/blobs/uploads/${id}`, { method: 'DELETE', headers: { authorization: basic } })).status).toBe(
      204,
    )
  })

  it('that has room again takes the very same upload', async () => {
    expect(await send()).toMatchObject({ status: 201, body: { isNew: true, release: { name: 'v1.0.0' } } })
    expect(files().filter((path) => /uploads|tmp/.test(path.slice(state.dataDir.length)))).toEqual([])
  })
})
