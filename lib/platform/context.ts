import { database, inTransaction, type Database, type Scope, type Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'

/** Who acts. Roles and environments are those of the membership in the context's tenant; empty environments mean all. */
export type Actor =
  | {
      kind: 'person'
      id: string
      email: string
      name: string
      sessionId: string
      /** When they last typed their password, for acts that ask for it again. */
      authenticatedAt: Date
      isPlatformAdmin: boolean
      roles: readonly string[]
      environmentIds: readonly string[]
    }
  | {
      kind: 'token'
      /** The user who created it. */
      id: string
      tokenId: string
      email: string
      name: string
      roles: readonly string[]
      environmentIds: readonly string[]
      verbs: readonly string[]
    }
  | { kind: 'system'; id: string; name: string }
  | { kind: 'anonymous' }

export interface TenantRef {
  id: string
  slug: string
  tier: string
  isSuspended: boolean
}

/** What a command knows of its caller; never a Request. */
export interface Context {
  actor: Actor
  /** null for acts on the platform: sign-in, creating tenants. */
  tenant: TenantRef | null
  requestId: string
  now(): Date
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** One transaction: authorize, load, ask the rules, write, append the audit entry, enqueue. No network inside. */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>
}

/** A context inside a tenant; queries then need no null check. */
export type TenantContext = Context & { tenant: TenantRef }

export interface ContextOptions {
  actor: Actor
  tenant?: TenantRef | null
  requestId?: string
  now?: () => Date
  db?: Database
}

export function createContext(options: ContextOptions & { tenant: TenantRef }): TenantContext
export function createContext(options: ContextOptions): Context
export function createContext(options: ContextOptions): Context {
  const tenant = options.tenant ?? null
  const scope: Scope = tenant ? { role: 'caisson_app', tenantId: tenant.id } : { role: 'caisson_platform' }
  const transact = <T>(work: (tx: Tx) => Promise<T>) => inTransaction(options.db ?? database(), scope, work)
  return {
    actor: options.actor,
    tenant,
    requestId: options.requestId ?? newId(),
    now: options.now ?? (() => new Date()),
    read: transact,
    write: transact,
  }
}

/** Jobs act as the system, with the tenant that their row names. */
export function systemActor(name: string): Actor {
  return { kind: 'system', id: `system:${name}`, name }
}

/** The stable name of an actor in audit entries and `requested_by` columns. */
export function actorId(actor: Actor): string {
  return actor.kind === 'anonymous' ? 'anonymous' : actor.id
}
