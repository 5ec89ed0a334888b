// The stable addresses of this machine: one listener per route, in front of whichever replicas are ready now.
import { createServer, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { log } from '#lib/platform/log'
import { forward, forwardUpgrade, type Destination } from '#lib/runtime/gateway/forward'
import { gatewayHost, type GatewayRoute } from '#lib/runtime/gateway/routes'
import { choose, Upstream } from '#lib/runtime/gateway/upstream'

/** How long what is under way may take when the gateway ends. */
const closeMs = 3000

interface Listening {
  server: Server
  /** What left HTTP, which the server no longer counts as its own. */
  upgraded: Set<Duplex>
}

export class Gateway {
  readonly #listening = new Map<number, Listening>()
  /** By port, then by replica and address: a replica that was started again elsewhere is another one. */
  readonly #upstreams = new Map<number, Upstream[]>()
  #turn = 0
  #missing: number[] = []

  /** Ports of routes that cannot be listened on. */
  get missing(): readonly number[] {
    return this.#missing
  }

  /** From now on requests go by these routes. False when a port cannot be listened on: it is to be tried again. */
  async take(routes: readonly GatewayRoute[]): Promise<boolean> {
    for (const route of routes) {
      this.#replace(route.port, route)
      if (!this.#listening.has(route.port)) await this.#listen(route)
    }
    for (const port of this.#listening.keys()) {
      if (!routes.some((route) => route.port === port)) await this.#close(port)
    }
    this.#missing = routes.map(({ port }) => port).filter((port) => !this.#listening.has(port))
    return this.#missing.length === 0
  }

  async close(): Promise<void> {
    await Promise.all([...this.#listening.keys()].map((port) => this.#close(port)))
  }

  #replace(port: number, { replicas }: Pick<GatewayRoute, 'replicas'>): void {
    const before = this.#upstreams.get(port) ?? []
    const after = replicas.map(
      (replica) => before.find(({ id, address }) => id === replica.id && address === replica.address) ?? new Upstream(replica),
    )
    this.#upstreams.set(port, after)
    for (const upstream of before) if (!after.includes(upstream)) upstream.leave()
  }

  async #listen({ port, application, environment }: GatewayRoute): Promise<void> {
    const destination: Destination = {
      name: `${application} in ${environment}`,
      port,
      next: (tried) => choose(this.#upstreams.get(port) ?? [], tried, this.#turn++),
    }
    const server = createServer((request, response) => {
      forward(request, response, destination).catch((error: unknown) => {
        log.error({ port, error: String(error) }, 'a request could not be forwarded')
        response.destroy()
      })
    })
    const upgraded = new Set<Duplex>()
    server.on('upgrade', (request, socket, head) => {
      upgraded.add(socket)
      socket.once('close', () => upgraded.delete(socket))
      forwardUpgrade(request, socket, head, destination)
    })
    // Whoever keeps a connection open is slower to let go than we are; long uploads and streams are nobody's business.
    server.keepAliveTimeout = 65_000
    server.requestTimeout = 0
    server.headersTimeout = 30_000
    try {
      await new Promise<void>((done, fail) => {
        server.once('error', fail)
        server.listen(port, gatewayHost, () => done())
      })
      server.on('error', (error) => log.warn({ port, error: error.message }, 'a listener of the gateway failed'))
      this.#listening.set(port, { server, upgraded })
    } catch (error) {
      log.warn({ port, error: String(error) }, `the address of ${destination.name} cannot be listened on`)
    }
  }

  async #close(port: number): Promise<void> {
    const listening = this.#listening.get(port)
    this.#listening.delete(port)
    if (listening) await closeServer(listening)
    this.#replace(port, { replicas: [] })
    this.#upstreams.delete(port)
  }
}

async function closeServer({ server, upgraded }: Listening): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()))
  server.closeIdleConnections()
  const timer = setTimeout(() => {
    server.closeAllConnections()
    for (const socket of upgraded) socket.destroy()
  }, closeMs)
  await closed
  clearTimeout(timer)
}
