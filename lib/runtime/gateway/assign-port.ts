import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import type { Tx } from '#lib/platform/database'
import { Refusal } from '#lib/platform/refusal'
import { gatewayHost, gatewayPorts, routesChannel } from '#lib/runtime/gateway/routes'

/** The port of (environment, application), given once and kept; `draw` proposes one. @throws Refusal `unavailable` when none is left */
export async function assignGatewayPort(
  tx: Tx,
  { tenantId, environmentId, applicationId }: { tenantId: string; environmentId: string; applicationId: string },
  draw: () => number = () => gatewayPorts.first + randomInt(gatewayPorts.count),
): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const known = await tx.gatewayRoute.findUnique({ where: { environmentId_applicationId: { environmentId, applicationId } } })
    if (known) return known.port
    const port = draw()
    if (!(await isFree(port))) continue
    // Another tenant's port is not visible here, and taken all the same: then nothing is inserted, and another is tried.
    const inserted = await tx.$executeRaw`
      insert into gateway_route (tenant_id, environment_id, application_id, port) values (${tenantId}, ${environmentId}, ${applicationId}, ${port})
      on conflict do nothing`
    if (inserted === 1) await notifyRoutes(tx)
  }
  throw new Refusal('unavailable', `No port between ${gatewayPorts.first} and ${gatewayPorts.first + gatewayPorts.count - 1} is free.`, {
    fix: 'Look at what listens on this machine.',
  })
}

/** Tells gateways, once the transaction commits, to look again. */
export async function notifyRoutes(tx: Tx): Promise<void> {
  await tx.$executeRaw`select pg_notify(${routesChannel}, '')`
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer()
    server.once('error', () => done(false))
    server.listen(port, gatewayHost, () => server.close(() => done(true)))
  })
}
