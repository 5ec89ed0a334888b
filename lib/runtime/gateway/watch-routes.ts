import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PoolClient } from 'pg'
import { z } from 'zod'
import { database, inTransaction } from '#lib/platform/database'
import { log } from '#lib/platform/log'
import { dataPath } from '#lib/platform/settings'
import { routesChannel, type GatewayRoute } from '#lib/runtime/gateway/routes'

const pollMs = 1000

const copySchema = z.array(
  z.object({
    port: z.int().min(1).max(65_535),
    tenant: z.string(),
    environment: z.string(),
    application: z.string(),
    replicas: z.array(z.object({ id: z.string(), address: z.string() })),
  }),
)

/**
 * Calls `onRoutes` whenever routes or ready replicas changed, first with the last known ones: within moments when
 * PostgreSQL says so, within a second when it does not; again when it answers false. While the database is away what is
 * known holds.
 */
export async function watchRoutes(onRoutes: (routes: GatewayRoute[]) => Promise<boolean>, signal: AbortSignal): Promise<void> {
  let known = ''
  const take = async (routes: GatewayRoute[]): Promise<void> => {
    const text = JSON.stringify(routes)
    if (text === known) return
    known = (await onRoutes(routes)) ? text : ''
  }
  await take(await readCopy())
  const bell = new Bell()
  try {
    while (!signal.aborted) {
      try {
        await bell.listen()
        const routes = await loadRoutes()
        if (JSON.stringify(routes) !== known) await writeCopy(routes)
        await take(routes)
      } catch (error) {
        if (!signal.aborted) log.warn({ error: String(error) }, 'routes could not be read; the last known ones hold')
      }
      await bell.wait(pollMs, signal)
    }
  } finally {
    bell.close()
  }
}

/** LISTEN on a connection of its own, again when it broke. */
class Bell {
  #client: PoolClient | undefined
  #rung = Promise.withResolvers<void>()

  async listen(): Promise<void> {
    if (this.#client) return
    const client = await database().pool.connect()
    const lose = (): void => {
      if (this.#client !== client) return
      this.#client = undefined
      client.release(true)
    }
    client.on('error', lose)
    client.on('end', lose)
    client.on('notification', () => this.#rung.resolve())
    try {
      await client.query(`listen ${routesChannel}`)
      this.#client = client
    } catch (error) {
      client.release(true)
      throw error
    }
  }

  async wait(ms: number, signal: AbortSignal): Promise<void> {
    const done = new AbortController()
    await Promise.race([this.#rung.promise, sleep(ms, undefined, { signal: AbortSignal.any([signal, done.signal]) }).catch(() => {})])
    done.abort()
    this.#rung = Promise.withResolvers()
  }

  close(): void {
    const client = this.#client
    this.#client = undefined
    client?.release(true)
  }
}

interface Row {
  port: number
  tenant: string
  environment: string
  application: string
  replicaId: string | null
  address: string | null
  state: string | null
}

/**
 * Every route with the replicas of its first component that are ready. Where none is known to be ready, those that nobody
 * has asked yet: not knowing is no reason to turn people away.
 */
export async function loadRoutes(): Promise<GatewayRoute[]> {
  const rows = await inTransaction(
    database(),
    { role: 'caisson_platform' },
    (tx) => tx.$queryRaw<Row[]>`
      select g.port, t.slug as tenant, e.slug as environment, a.slug as application, r.id as "replicaId", r.address, r.state
      from gateway_route g
      join tenant t on t.id = g.tenant_id join environment e on e.id = g.environment_id join application a on a.id = g.application_id
      left join deployment d on d.environment_id = g.environment_id and d.application_id = g.application_id
      left join replica r on r.environment_id = g.environment_id and r.application_id = g.application_id
        and r.state in ('ready', 'unknown') and r.address <> ''
        and (d.id is null or r.component = d.desired::json->'components'->0->>'name')
      order by g.port, r.id`,
  )
  const byPort = Map.groupBy(rows, ({ port }) => port)
  return [...byPort.values()].flatMap((ofRoute) => {
    const [first] = ofRoute
    if (!first) return []
    const { port, tenant, environment, application } = first
    const ready = ofRoute.filter(({ state }) => state === 'ready')
    const chosen = ready.length > 0 ? ready : ofRoute
    const replicas = chosen.flatMap(({ replicaId, address }) => (replicaId && address ? [{ id: replicaId, address }] : []))
    return [{ port, tenant, environment, application, replicas }]
  })
}

function copyPath(): string {
  return dataPath('gateway', 'routes.json')
}

async function readCopy(): Promise<GatewayRoute[]> {
  try {
    return copySchema.parse(JSON.parse(await readFile(copyPath(), 'utf8')))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') log.warn({ error: String(error) }, 'the copy of the routes cannot be read')
    return []
  }
}

async function writeCopy(routes: GatewayRoute[]): Promise<void> {
  await mkdir(dirname(copyPath()), { recursive: true })
  const draft = `${copyPath()}.${process.pid}`
  await writeFile(draft, JSON.stringify(routes))
  await rename(draft, copyPath())
}
