// Who calls the registry: the same to every handler, whether they came with Basic or with a token of ours.
import { may } from '#lib/access/authorize'
import type { Identity } from '#lib/access/identify'
import type { Actor, TenantRef } from '#lib/platform/actor'
import { allowed, refused, type Verdict } from '#lib/platform/refusal'
import type { RepositoryAction } from '#lib/registry/scope'

export type RegistryActor = Exclude<Actor, { kind: 'anonymous' | 'system' }>

export interface Caller {
  /** The log of their refusals outside any tenant of theirs. */
  homeTenant: TenantRef | null
  /** As whom they act where they have no roles. */
  actor: RegistryActor
  member(slug: string): { tenant: TenantRef; actor: RegistryActor } | undefined
  tenants(): TenantRef[]
  /** Whether their token was asked for this act; always true with Basic. A token that was not is told to ask. */
  asked(name: string, action: RepositoryAction): boolean
  askedForCatalog: boolean
}

export function callerOf(identity: Identity): Caller {
  return {
    homeTenant: identity.homeTenant,
    actor: identity.actorIn(null),
    member: (slug) => {
      const tenant = identity.tenant(slug)
      return tenant && { tenant, actor: identity.actorIn(tenant) }
    },
    tenants: () => identity.tenants().map(({ tenant }) => tenant),
    asked: () => true,
    askedForCatalog: true,
  }
}

/** Every member pulls; pushing and deleting are one verb. Nothing comes into a suspended tenant. */
export function mayAct(tenant: TenantRef, actor: Actor, action: RepositoryAction): Verdict {
  if (action === 'pull') return allowed
  if (tenant.isSuspended)
    return refused('forbidden', `${tenant.slug} is suspended: nothing is pushed to or deleted from it.`, 'Ask a platform admin.')
  return may(actor, 'registry.push')
}
