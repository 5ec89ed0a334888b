import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { canonicalJson, digestOfJson } from '#lib/platform/canonical-json'
import type { TenantContext } from '#lib/platform/context'
import { announce } from '#lib/platform/live-event'
import { Refusal } from '#lib/platform/refusal'
import type { EnvironmentPolicyView, writePolicyInput } from '#lib/tenants/environment-policy'
import { insertPolicy } from '#lib/tenants/internal/insert-environment'
import { findEnvironment } from '#lib/tenants/queries/find-environment'
import { getPolicy } from '#lib/tenants/queries/get-policy'
import { getPolicyView } from '#lib/tenants/queries/get-policy-view'

/** A new version of the gate policy of an environment. `conflict` when another was written since `baseVersion`. */
export async function writePolicy(ctx: TenantContext, input: z.output<typeof writePolicyInput>): Promise<EnvironmentPolicyView> {
  authorize(ctx.actor, 'policy.edit')
  await ctx.write(async (tx) => {
    const environment = await findEnvironment(tx, input.environment)
    authorize(ctx.actor, 'policy.edit', { environment })
    await tx.$queryRaw`select id from environment where id = ${environment.id} for update`
    const current = await getPolicy(tx, environment.id)
    if (current.version !== input.baseVersion) {
      throw new Refusal('conflict', `The policy of ${environment.slug} is at version ${current.version} by now.`, {
        fix: 'Look at that version and make the change on it.',
        details: { version: current.version },
      })
    }
    if (canonicalJson(current.document) === canonicalJson(input.document)) return
    const version = current.version + 1
    await insertPolicy(tx, ctx, { tenantId: ctx.tenant.id, environmentId: environment.id, version, document: input.document })
    await appendEntry(tx, ctx, {
      action: 'policy.edited',
      subject: { kind: 'environment', id: environment.id, name: environment.slug },
      before: { version: current.version, digest: digestOfJson(current.document), document: { ...current.document } },
      after: { version, digest: digestOfJson(input.document), document: { ...input.document } },
      reason: input.reason,
    })
    await announce(tx, ctx.tenant.id, 'board', 'policy')
  })
  return getPolicyView(ctx, { environment: input.environment })
}
