import { canonicalJson } from '#lib/platform/canonical-json'
import { actorId, type Context } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { defaultPolicy, type EnvironmentPolicyDocument } from '#lib/tenants/environment-policy'
import type { DefaultEnvironment, Tier } from '#lib/tenants/tier'

export interface NewEnvironment extends Omit<DefaultEnvironment, 'upstream'> {
  isCustom: boolean
  upstreamIds: string[]
  runtimeKind: string
}

/** An environment with the first version of its policy. */
export async function insertEnvironment(tx: Tx, ctx: Context, tenant: { id: string; tier: Tier }, input: NewEnvironment): Promise<string> {
  const id = newId()
  await tx.environment.create({ data: { ...input, id, tenantId: tenant.id, createdBy: actorId(ctx.actor) }, select: { id: true } })
  await insertPolicy(tx, ctx, { tenantId: tenant.id, environmentId: id, version: 1, document: defaultPolicy(input, tenant.tier) })
  return id
}

/** The default environments of a tier that are not among `existing` (slug → id), in an order in which upstream ones come first. */
export async function insertDefaults(
  tx: Tx,
  ctx: Context,
  tenant: { id: string; tier: Tier },
  rules: readonly DefaultEnvironment[],
  existing: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const ids = new Map(existing)
  for (const { upstream, ...rule } of rules) {
    const upstreamIds = upstream.flatMap((slug) => ids.get(slug) ?? [])
    ids.set(rule.slug, await insertEnvironment(tx, ctx, tenant, { ...rule, isCustom: false, upstreamIds, runtimeKind: 'process' }))
  }
  return ids
}

export interface NewPolicy {
  tenantId: string
  environmentId: string
  version: number
  document: EnvironmentPolicyDocument
}

export async function insertPolicy(tx: Tx, ctx: Context, policy: NewPolicy): Promise<void> {
  await tx.environmentPolicy.create({
    data: { ...policy, id: newId(), document: canonicalJson(policy.document), createdBy: actorId(ctx.actor) },
    select: { id: true },
  })
}
