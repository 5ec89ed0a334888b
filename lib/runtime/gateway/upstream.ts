import { Agent } from 'node:http'
import type { GatewayReplica } from '#lib/runtime/gateway/routes'

/** Shorter than servers keep an idle connection, so that none is used in the moment in which the other side closes it. */
const idleMs = 4000

/** One replica as the gateway sees it: its connections, and how many requests are under way. */
export class Upstream {
  readonly id: string
  readonly address: string
  readonly host: string
  readonly port: number
  readonly agent = new Agent({ keepAlive: true, maxFreeSockets: 64, timeout: idleMs })
  active = 0
  #isLeaving = false

  constructor({ id, address }: GatewayReplica) {
    this.id = id
    this.address = address
    const separator = address.lastIndexOf(':')
    this.host = address.slice(0, separator)
    this.port = Number(address.slice(separator + 1))
  }

  begin(): void {
    this.active += 1
  }

  end(): void {
    this.active -= 1
    this.#closeWhenQuiet()
  }

  /** It gets nothing new; its connections close once what is under way has ended. */
  leave(): void {
    this.#isLeaving = true
    this.#closeWhenQuiet()
  }

  #closeWhenQuiet(): void {
    if (this.#isLeaving && this.active === 0) this.agent.destroy()
  }
}

/** The one with the least to do that was not tried; of several the next in turn. */
export function choose(upstreams: readonly Upstream[], tried: ReadonlySet<Upstream>, turn: number): Upstream | undefined {
  const rotated = upstreams.map((_, index) => upstreams[(index + turn) % upstreams.length]).filter((one) => one !== undefined)
  return rotated.filter((one) => !tried.has(one)).toSorted((a, b) => a.active - b.active)[0]
}
