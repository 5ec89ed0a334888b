// Who acts, without a database: rules and pages read it.

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

/** Jobs act as the system, with the tenant that their row names. */
export function systemActor(name: string): Actor {
  return { kind: 'system', id: `system:${name}`, name }
}

/** The stable name of an actor in audit entries and `requested_by` columns. */
export function actorId(actor: Actor): string {
  return actor.kind === 'anonymous' ? 'anonymous' : actor.id
}
