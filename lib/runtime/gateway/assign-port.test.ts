import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { database, inTransaction } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { freePort } from '#lib/platform/postgres/embedded'
import { assignGatewayPort } from '#lib/runtime/gateway/assign-port'
import { useTestDatabase } from '#lib/testing/database'
import { environmentId, makeApplication, makeTenant } from '#lib/testing/factories'

useTestDatabase()

async function makePlace() {
  const tenant = await makeTenant()
  const application = await makeApplication(tenant)
  const place = { tenantId: tenant.id, environmentId: await environmentId(tenant, 'dev'), applicationId: application.id }
  const assign = (draw?: () => number) =>
    inTransaction(database(), { role: 'caisson_app', tenantId: tenant.id }, (tx) => assignGatewayPort(tx, place, draw))
  return { place, assign }
}

describe('a stable address', () => {
  it('is given once and kept, also when several ask at the same moment', async () => {
    const { place, assign } = await makePlace()
    const ports = await Promise.all(Array.from({ length: 8 }, () => assign()))
    expect(new Set(ports).size).toBe(1)
    expect(await assign(() => 1)).toBe(ports[0])
    const other = await inTransaction(database(), { role: 'caisson_app', tenantId: place.tenantId }, (tx) =>
      assignGatewayPort(tx, { ...place, environmentId: newId() }),
    )
    expect(other).not.toBe(ports[0])
  })

  it('is never one that another tenant has, although it cannot be seen, nor one that something listens on', async () => {
    const squatter = createServer()
    const taken = await freePort()
    await new Promise<void>((done) => squatter.listen(taken, '127.0.0.1', done))
    try {
      const [first, second] = [await makePlace(), await makePlace()]
      const theirs = await first.assign()
      const free = await freePort()
      const drawn = [taken, theirs, free]
      expect(await second.assign(() => drawn.shift() ?? 0)).toBe(free)
      expect(drawn).toEqual([])
      const third = await makePlace()
      await expect(third.assign(() => taken)).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('No port') as string })
    } finally {
      squatter.close()
    }
  })
})
