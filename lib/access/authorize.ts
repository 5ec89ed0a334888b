import { permissions, platformVerbs, readingVerbs, roleName, type Permission, type PlatformVerb, type Verb } from '#lib/access/permissions'
import type { Actor, TenantRef } from '#lib/platform/actor'
import { allowed, demand, Refusal, refused, type Verdict } from '#lib/platform/refusal'

/** The environment that an act touches, when it touches one. */
export interface ActTarget {
  environment?: { id: string; slug: string; isProtected: boolean } | undefined
}

/**
 * Whether an actor may do an act here. Pure: pages call it to explain a disabled control, commands through
 * {@link authorize} to refuse. Without a target it answers whether there is any environment where the actor may.
 */
export function may(actor: Actor, verb: Verb, target: ActTarget = {}): Verdict {
  if (actor.kind === 'anonymous') return refused('unauthenticated', 'Sign in first.')
  if (actor.kind === 'system') return allowed
  const permission: Permission = permissions[verb]
  if (actor.kind === 'token' && (permission.isPersonal || !actor.verbs.includes(verb))) {
    return refused(
      'forbidden',
      `This token may not ${permission.says}.`,
      permission.isPersonal ? 'Sign in as a person.' : `Create a token with ${verb}.`,
    )
  }
  const { environment } = target
  if (environment && actor.environmentIds.length > 0 && !actor.environmentIds.includes(environment.id)) {
    return refused('forbidden', `Your membership does not cover ${environment.slug}.`, 'Ask a tenant admin.')
  }
  if (actor.roles.some((role) => (permission.roles as readonly string[]).includes(role))) return allowed
  const unprotectedOnly = permission.unprotectedOnly ?? []
  if (actor.roles.some((role) => (unprotectedOnly as readonly string[]).includes(role))) {
    if (!environment?.isProtected) return allowed
    return refused('forbidden', `${environment.slug} is protected: only ${who(permission)} may ${permission.says} there.`, `Ask ${who(permission)}.`)
  }
  return refused('forbidden', `Only ${who(permission)} may ${permission.says}.`, `Ask ${who(permission)}.`)
}

/** Throws the refusal of {@link may}. The one authorization call of every command and query. */
export function authorize(actor: Actor, verb: Verb, target: ActTarget = {}): void {
  demand(may(actor, verb, target))
}

export function mayPlatform(actor: Actor, verb: PlatformVerb): Verdict {
  if (actor.kind === 'anonymous') return refused('unauthenticated', 'Sign in first.')
  if (actor.kind === 'system' || (actor.kind === 'person' && actor.isPlatformAdmin)) return allowed
  return refused('forbidden', `Only a platform admin may ${platformVerbs[verb]}.`, 'Ask a platform admin.')
}

export function authorizePlatform(actor: Actor, verb: PlatformVerb): void {
  demand(mayPlatform(actor, verb))
}

/** A suspended tenant is read and audited; nothing in it changes until it is resumed. */
export function mayWhileSuspended(tenant: TenantRef | null, verb: string): Verdict {
  if (!tenant?.isSuspended || readingVerbs.includes(verb)) return allowed
  return refused('forbidden', `${tenant.slug} is suspended: it can be read, and nothing in it changes.`, 'Ask a platform admin to resume it.')
}

/** The person who acts; sessions, passwords and members are no matter for a token, which would outlive or outgrow its creator. */
export function requirePerson(actor: Actor): Extract<Actor, { kind: 'person' }> {
  if (actor.kind === 'person') return actor
  if (actor.kind === 'anonymous') throw new Refusal('unauthenticated', 'Sign in first.', { fix: 'Sign in.' })
  throw new Refusal('forbidden', 'Only a person can do this, and this is a token.', { fix: 'Sign in as a person.' })
}

function who(permission: Permission): string {
  const names = permission.roles.map((role) => `${/^[aeiou]/.test(role) || role === 'sre' ? 'an' : 'a'} ${role === 'sre' ? 'SRE' : roleName(role)}`)
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} or ${names.at(-1)}` : (names[0] ?? 'nobody')
}
