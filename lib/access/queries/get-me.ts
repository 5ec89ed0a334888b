import type { MeView } from '#lib/access/session'
import { createContext, type Context } from '#lib/platform/context'
import { Refusal } from '#lib/platform/refusal'

/** Who asks, and the tenants that they can enter. A token sees its own tenant only. */
export async function getMe(ctx: Context): Promise<MeView> {
  const { actor } = ctx
  if (actor.kind !== 'person' && actor.kind !== 'token') throw new Refusal('unauthenticated', 'Sign in first.', { fix: 'Sign in.' })
  const platform = createContext({ actor, requestId: ctx.requestId })
  return platform.read(async (tx) => {
    const token = actor.kind === 'token' ? await tx.apiToken.findUniqueOrThrow({ where: { id: actor.tokenId }, select: { tenantId: true } }) : null
    const memberships = await tx.membership.findMany({
      where: { userId: actor.id, removedAt: null, ...(token ? { tenantId: token.tenantId } : {}) },
    })
    const tenants = await tx.tenant.findMany({ where: { id: { in: memberships.map(({ tenantId }) => tenantId) } }, orderBy: { slug: 'asc' } })
    return {
      kind: actor.kind,
      id: actor.id,
      email: actor.email,
      name: actor.name,
      isPlatformAdmin: actor.kind === 'person' && actor.isPlatformAdmin,
      sessionId: actor.kind === 'person' ? actor.sessionId : '',
      authenticatedAt: actor.kind === 'person' ? actor.authenticatedAt.toISOString() : '',
      verbs: actor.kind === 'token' ? [...actor.verbs] : [],
      tenants: tenants.map(({ id, slug, name, tier, suspendedAt }) => ({
        slug,
        name,
        tier,
        isSuspended: suspendedAt !== null,
        roles: memberships.find(({ tenantId }) => tenantId === id)?.roles ?? [],
      })),
    }
  })
}
