import type { ReleaseApprovalContent } from '#lib/evidence/facts'
import { signDetached } from '#lib/evidence/internal/signing-key'
import { canonicalJson } from '#lib/platform/canonical-json'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'

/** How long what was approved may run before it has to be approved anew. */
const approvalDays = 90

type Approved = Omit<ReleaseApprovalContent, 'tenant' | 'approvedAt' | 'expiresAt'>

/**
 * Keeps what was approved to run (S0.22), signed with the tenant's key, in the transaction that claims the plan; the caller writes
 * the entry.
 */
export async function recordReleaseApproval(
  tx: Tx,
  ctx: TenantContext,
  place: { environmentId: string; applicationId: string; releaseId: string },
  approved: Approved,
  now: Date,
): Promise<{ id: string; expiresAt: string }> {
  const id = newId()
  const expiresAt = new Date(now.getTime() + approvalDays * 86_400_000)
  const content: ReleaseApprovalContent = {
    ...approved,
    tenant: ctx.tenant.slug,
    approvedAt: now.toISOString(),
    expiresAt: expiresAt.toISOString(),
  }
  const text = canonicalJson({ ...content, id, ...place })
  const { keyId, signature } = signDetached(ctx.tenant.id, text)
  await tx.$executeRaw`
    insert into release_approval (id, tenant_id, environment_id, application_id, release_id, promotion_id, content, key_id, signature, approved_at, expires_at)
    values (${id}, ${ctx.tenant.id}, ${place.environmentId}, ${place.applicationId}, ${place.releaseId}, ${approved.promotionId}, ${text}, ${keyId},
      ${signature}, ${now}, ${expiresAt})`
  return { id, expiresAt: content.expiresAt }
}
