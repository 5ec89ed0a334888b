// One reader of the events of all tenants per process, while somebody listens; every open page is fed from it.
import { setTimeout as sleep } from 'node:timers/promises'
import { database, inTransaction, type Database } from '#lib/platform/database'
import { log } from '#lib/platform/log'

export interface LiveMessage {
  id: bigint
  topic: string
  subject: string
}

type Row = LiveMessage & { tenantId: string }
type Listener = (message: LiveMessage) => void

const pollMs = 250
/** Ids are given before the commit, so a lower one may appear later: this far back it is looked again. */
const lookBackSeconds = 10
const mostMissed = 500

export class EventTail {
  readonly #db: () => Database
  readonly #listeners = new Map<string, Set<Listener>>()
  /** Ids that were handed on, within the look-back. */
  #delivered = new Map<bigint, number>()
  #live: PromiseWithResolvers<void> | undefined

  constructor(db: () => Database = database) {
    this.#db = db
  }

  /** Calls `listener` with the events of a tenant, every one once {@link isLive} resolved; the answer ends it. */
  subscribe(tenantId: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(tenantId) ?? new Set()
    this.#listeners.set(tenantId, listeners.add(listener))
    if (!this.#live) {
      this.#live = Promise.withResolvers()
      void this.#run(this.#live)
    }
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0 && this.#listeners.get(tenantId) === listeners) this.#listeners.delete(tenantId)
    }
  }

  /** Resolves when nothing that happens from now on is missed, while somebody listens. */
  async isLive(): Promise<void> {
    await this.#live?.promise
  }

  /** Events of a tenant after one that it has seen, oldest first; undefined when there are too many or they are gone already. */
  async missedSince(tenantId: string, afterId: bigint): Promise<LiveMessage[] | undefined> {
    return inTransaction(this.#db(), { role: 'caisson_app', tenantId }, async (tx) => {
      const rows = await tx.liveEvent.findMany({
        where: { id: { gte: afterId } },
        orderBy: { id: 'asc' },
        take: mostMissed + 1,
        select: { id: true, topic: true, subject: true },
      })
      // The one it has seen is still there, so nothing between was thrown away.
      const isWhole = rows[0]?.id === afterId && rows.length <= mostMissed
      return isWhole ? rows.slice(1) : undefined
    })
  }

  async #run(live: PromiseWithResolvers<void>): Promise<void> {
    let isFirst = true
    while (this.#listeners.size > 0) {
      try {
        const rows = await this.#recent()
        // What happened before anybody listened is for missedSince.
        for (const row of rows) this.#deliver(row, isFirst)
        isFirst = false
        live.resolve()
        const oldest = performance.now() - 2 * lookBackSeconds * 1000
        for (const [id, at] of this.#delivered) if (at < oldest) this.#delivered.delete(id)
      } catch (error) {
        log.warn({ error: String(error) }, 'live events could not be read')
        await sleep(1000)
      }
      await sleep(pollMs)
    }
    this.#live = undefined
    this.#delivered.clear()
    live.resolve()
  }

  #deliver({ tenantId, ...message }: Row, isOld: boolean): void {
    if (this.#delivered.has(message.id)) return
    this.#delivered.set(message.id, performance.now())
    if (isOld) return
    for (const listener of this.#listeners.get(tenantId) ?? []) listener(message)
  }

  #recent(): Promise<Row[]> {
    return inTransaction(
      this.#db(),
      { role: 'caisson_platform' },
      (tx) => tx.$queryRaw<Row[]>`
        select id, tenant_id as "tenantId", topic, subject from live_event
        where id > coalesce((select max(id) from live_event), 0) - 20000 and created_at > now() - ${lookBackSeconds} * interval '1 second' order by id`,
    )
  }
}

const shared = globalThis as typeof globalThis & { __caissonEventTail?: EventTail }

/** The reader of this process. */
export function eventTail(): EventTail {
  return (shared.__caissonEventTail ??= new EventTail())
}
