// A file of evidence over real HTTP: what stands in its address is taken once, whole, and as what it says.
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evidenceFile } from '#bin/http/evidence-file'
import { ownRoutes } from '#bin/http/own-routes'
import { createHttpServer } from '#bin/http/server'
import { useTestDatabase } from '#lib/testing/database'
import { makeApplication, makePerson, makeTenant } from '#lib/testing/factories'
import { bearerOf } from '#lib/testing/http'
import { callOver } from '#lib/testing/raw-http'
import { expectRefusal } from '#lib/testing/refusals'
import { makeRelease } from '#lib/testing/releases'

useTestDatabase()

let server: Server
let url = ''
let authorization = ''

beforeAll(async () => {
  const nothing = async () => {}
  const own = ownRoutes({ 'POST /api/v1/tenants/{tenant}/checklists/{application}/{environment}/{release}/files': evidenceFile })
  server = createHttpServer({ health: nothing, ready: nothing, registry: nothing, pages: nothing, own })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/tenants/northwind/checklists/orders/dev/v1.0.0/files`
  const tenant = await makeTenant({ slug: 'northwind' })
  await makeRelease(tenant, await makeApplication(tenant, 'orders'), 'v1.0.0')
  authorization = `Bearer ${await bearerOf(await makePerson({ tenant, roles: ['sre'] }))}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const send = (query: string) => () =>
  callOver(`${url}?control=alert-wiring&summary=Seen.&fileName=a.txt&${query}`, {
    method: 'POST',
    headers: { authorization },
    body: [Buffer.from('x')],
  })

describe('S-27: the address of a file of evidence is refused that', () => {
  it.each([
    ['has U+0000 in a value', 'part=a%00', /U\+0000/],
    ['has U+0000 in a name', 'a%00=b', /U\+0000/],
    ['says a thing twice', 'summary=Other.', /"summary" twice/],
    ['says again what the path says', 'environment=prod', /environment is part of the address/],
    ['names a column', 'recordedBy=somebody', /recordedBy is nothing that belongs here/],
    ['is of a kind that would be a header of its own', 'mediaType=text/html%0d%0aSet-Cookie:%20a=b', /not a media type/],
  ])('%s', async (_what, query, words) => {
    await expectRefusal({ code: 'invalid_input', words, fix: /\w/ }, send(query))
  })

  it('and no other: one in order is taken', async () => {
    expect((await send('outcome=pass')()).status).toBe(201)
  })
})
