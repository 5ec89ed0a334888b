import type { QueryResultRow } from 'pg'
import { askPlatform, database, inTransaction, type Database, type Scope, type Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import type { Actor, TenantRef } from '#lib/platform/actor'

export { actorId, systemActor, type Actor, type TenantRef } from '#lib/platform/actor'

/** What a command knows of its caller; never a Request. */
export interface Context {
  actor: Actor
  /** null for acts on the platform: sign-in, creating tenants. */
  tenant: TenantRef | null
  requestId: string
  now: () => Date
  read: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>
  /** One transaction: authorize, load, ask the rules, write, append the audit entry, enqueue. No network inside. */
  write: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>
}

/** A context inside a tenant; queries then need no null check. */
export type TenantContext = Context & {
  tenant: TenantRef
  /** One statement that is a transaction of its own, in one round trip. No wall is around it: it names the tenant of every row, as $1. */
  once: <Row extends QueryResultRow>(text: string, values: readonly unknown[]) => Promise<Row[]>
}

export interface ContextOptions {
  actor: Actor
  tenant?: TenantRef | null
  requestId?: string
  now?: () => Date
  db?: Database
}

export function createContext(options: ContextOptions & { tenant: TenantRef }): TenantContext
export function createContext(options: ContextOptions): Context
export function createContext(options: ContextOptions): Context | TenantContext {
  const tenant = options.tenant ?? null
  const scope: Scope = tenant ? { role: 'caisson_app', tenantId: tenant.id } : { role: 'caisson_platform' }
  const transact = <T>(work: (tx: Tx) => Promise<T>) => inTransaction(options.db ?? database(), scope, work)
  const bare: Context = {
    actor: options.actor,
    tenant,
    requestId: options.requestId ?? newId(),
    now: options.now ?? (() => new Date()),
    read: transact,
    write: transact,
  }
  const { db } = options
  return tenant ? { ...bare, tenant, once: (text, values) => askPlatform(text, [tenant.id, ...values], db) } : bare
}
