// One transaction on one connection. Raw statements go straight to it; Prisma joins it once a model is asked for, because
// its way from a call to a statement costs several times what the statement itself does.
import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'
import { expectGathering, writeGathered } from '#lib/platform/gathered'
import { Prisma, type PrismaClient } from '#lib/platform/generated/client'
import { bindingsOf, typesAsPrisma } from '#lib/platform/raw-types'

/** A transaction that is already bound to a role and a tenant. */
export type Tx = Prisma.TransactionClient

interface Loan {
  client: pg.PoolClient
  isTaken: boolean
}

const shared = globalThis as typeof globalThis & { __caissonLent?: AsyncLocalStorage<Loan> }

/**
 * The connection of the transaction that Prisma is about to join. On globalThis, because Next bundles a copy of this module while the
 * pool is one for all: a pool that asked another store would lend Prisma a connection without role and tenant.
 */
const lent = (shared.__caissonLent ??= new AsyncLocalStorage<Loan>())

/** A pool that lends Prisma the connection of a transaction that is open already. */
export class LendingPool extends pg.Pool {
  override connect(): Promise<pg.PoolClient>
  override connect(done: Parameters<pg.Pool['connect']>[0]): void
  override connect(done?: Parameters<pg.Pool['connect']>[0]): Promise<pg.PoolClient> | void {
    if (done) return super.connect(done)
    const loan = lent.getStore()
    if (!loan) return super.connect()
    loan.isTaken = true
    return Promise.resolve(asGuest(loan.client))
  }
}

/** The connection as Prisma sees it: to begin, to end and to give it back is not its business. */
function asGuest(client: pg.PoolClient): pg.PoolClient {
  const isFrame = ({ text }: pg.QueryConfig) => text === 'BEGIN' || text === 'COMMIT' || text === 'ROLLBACK'
  const query = (asked: pg.QueryConfig) => (isFrame(asked) ? Promise.resolve({ fields: [], rows: [], rowCount: 0 }) : client.query(asked))
  return { query, on: () => {}, removeListener: () => {}, release: () => {} } as unknown as pg.PoolClient
}

export interface Transacting {
  prisma: PrismaClient
  pool: pg.Pool
  /** A statement that begins it: role and tenant, which end with it. */
  opening: string
  /** The name that a statement is prepared under; '' for none. */
  nameOf: (text: string) => string
}

/** Commits what `work` did with what was gathered meanwhile, or nothing of it when either throws. */
export async function transact<T>({ prisma, pool, opening, nameOf }: Transacting, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  const guest = new Guest(prisma, client)
  let broken: Error | undefined
  try {
    await client.query(`begin; ${opening}`)
    const tx = transactionOn(client, guest, nameOf)
    expectGathering(tx)
    const result = await work(tx)
    await writeGathered(tx)
    await guest.leave()
    const { command } = await client.query('commit')
    if (command !== 'COMMIT') throw new Error('nothing was committed: a statement of the transaction had failed')
    return result
  } catch (error) {
    await guest.leave()
    await client.query('rollback').catch((failure: Error) => (broken = failure))
    throw error
  } finally {
    guest.close()
    client.release(broken)
  }
}

/** Prisma's part in a transaction: none until it is asked for. */
class Guest {
  readonly #prisma: PrismaClient
  readonly #client: pg.PoolClient
  #visit: { tx: Promise<Tx>; end: () => void; over: Promise<unknown> } | undefined
  #isClosed = false

  constructor(prisma: PrismaClient, client: pg.PoolClient) {
    this.#prisma = prisma
    this.#client = client
  }

  enter(): Promise<Tx> {
    this.demandOpen()
    return (this.#visit ??= this.#open()).tx
  }

  #open() {
    const entered = Promise.withResolvers<Tx>()
    const leaving = Promise.withResolvers<void>()
    const loan: Loan = { client: this.#client, isTaken: false }
    const stay = async (tx: Tx) => {
      if (!loan.isTaken) throw new Error('Prisma began on a connection of its own, which has neither role nor tenant')
      entered.resolve(tx)
      await leaving.promise
    }
    const over = lent.run(loan, () => this.#prisma.$transaction(stay, { maxWait: 15_000, timeout: 60_000 })).catch(entered.reject)
    return { tx: entered.promise, end: leaving.resolve, over }
  }

  async leave(): Promise<void> {
    this.#visit?.end()
    await this.#visit?.over
  }

  close(): void {
    this.#isClosed = true
  }

  /** The connection is somebody else's afterwards, with their role and tenant. */
  demandOpen(): void {
    if (this.#isClosed) throw new Error('this transaction is over')
  }
}

const models = new Set<string>(Object.values(Prisma.ModelName).map((name) => name.charAt(0).toLowerCase() + name.slice(1)))
type Delegates = Record<string, Record<string, (args: unknown) => Promise<unknown>>>

function transactionOn(client: pg.PoolClient, guest: Guest, nameOf: (text: string) => string): Tx {
  // One after the other, however many are asked for at once.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const mine = last.then(act, act)
    last = mine.catch(() => {})
    return mine
  }
  const send = (text: string, values: readonly unknown[]): Promise<pg.QueryResult> =>
    inTurn(() => {
      guest.demandOpen()
      return client.query({ name: nameOf(text), text, values: bindingsOf(values), types: typesAsPrisma })
    })
  const ask = (query: TemplateStringsArray | Prisma.Sql, values: readonly unknown[]) => {
    const sql = query instanceof Prisma.Sql ? query : new Prisma.Sql(query, values)
    return send(sql.text, sql.values)
  }
  const raw = {
    $queryRaw: async (query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]) => (await ask(query, values)).rows as unknown,
    $executeRaw: async (query: TemplateStringsArray | Prisma.Sql, ...values: unknown[]) => (await ask(query, values)).rowCount ?? 0,
    $queryRawUnsafe: async (text: string, ...values: unknown[]) => (await send(text, values)).rows as unknown,
    $executeRawUnsafe: async (text: string, ...values: unknown[]) => (await send(text, values)).rowCount ?? 0,
  }
  const delegateOf = (model: string) =>
    new Proxy(
      {},
      {
        get: (_target, method: string) => (args: unknown) =>
          inTurn(async () => ((await guest.enter()) as unknown as Delegates)[model]?.[method]?.(args)),
      },
    )
  return new Proxy(raw, {
    get: (own, name: string) => (Object.hasOwn(own, name) ? own[name as keyof typeof raw] : models.has(name) ? delegateOf(name) : undefined),
  }) as unknown as Tx
}
