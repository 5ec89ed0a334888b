'use client'
import type { UseQueryResult } from '@tanstack/react-query'
import type { Problem } from '#components/api'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { may, mayPlatform, mayWhileSuspended } from '#lib/access/authorize'
import type { PlatformVerb, Verb } from '#lib/access/permissions'
import type { MeView } from '#lib/access/session'
import type { Actor } from '#lib/platform/actor'
import type { TenantView } from '#lib/tenants/tenant'

/** The tenant with usage and what the reader may do in it. */
export function useTenant(tenant: string): UseQueryResult<TenantView, Problem> {
  return useApi<TenantView>(tenantKey(tenant, 'settings', 'tenant'), tenantPath(tenant))
}

/** Who reads the page, and where they are a member. */
export function useMe(): UseQueryResult<MeView, Problem> {
  return useApi<MeView>(['me'], '/me')
}

/**
 * Why a verb may not be used in a tenant, by the one permission table that the server refuses with; undefined when it may. It keeps a
 * page from asking what would be refused, which would stand in the log as a denial.
 */
export function reasonOf(me: MeView, tenant: string, verb: Verb): string | undefined {
  const member = me.tenants.find(({ slug }) => slug === tenant)
  const place = { id: tenant, slug: tenant, tier: member?.tier ?? '', isSuspended: member?.isSuspended ?? false }
  const verdicts = [may(actorOf(me, member?.roles ?? []), verb), mayWhileSuspended(place, verb)]
  return verdicts.flatMap((verdict) => (verdict.allowed ? [] : [sentenceOf(verdict)]))[0]
}

/** The same for acts on the installation. */
export function platformReasonOf(me: MeView, verb: PlatformVerb): string | undefined {
  const verdict = mayPlatform(actorOf(me, []), verb)
  return verdict.allowed ? undefined : sentenceOf(verdict)
}

const unknownYet = 'It is being looked up what you may do.'

/** `reasonOf` for whoever reads the page. */
export function useReason(tenant: string): (verb: Verb) => string | undefined {
  const me = useMe().data
  return (verb) => (me ? reasonOf(me, tenant, verb) : unknownYet)
}

/** `platformReasonOf` for whoever reads the page. */
export function usePlatformReason(): (verb: PlatformVerb) => string | undefined {
  const me = useMe().data
  return (verb) => (me ? platformReasonOf(me, verb) : unknownYet)
}

function sentenceOf({ reason, fix }: { reason: string; fix?: string }): string {
  return fix === undefined ? reason : `${reason} ${fix}`
}

function actorOf(me: MeView, roles: readonly string[]): Actor {
  return {
    kind: 'person',
    id: me.id,
    email: me.email,
    name: me.name,
    sessionId: me.sessionId,
    authenticatedAt: new Date(me.authenticatedAt || 0),
    isPlatformAdmin: me.isPlatformAdmin,
    roles,
    environmentIds: [],
  }
}
