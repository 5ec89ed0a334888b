import type { Tx } from '#lib/platform/database'
import { environmentPolicySchema, type EnvironmentPolicyDocument } from '#lib/tenants/environment-policy'

/** The policy that counts now in an environment. Version 0 with every gate off where none was ever written. */
export async function getPolicy(
  tx: Tx,
  environmentId: string,
): Promise<{ version: number; document: EnvironmentPolicyDocument; createdAt: Date | null; createdBy: string }> {
  const row = await tx.environmentPolicy.findFirst({ where: { environmentId }, orderBy: { version: 'desc' } })
  if (!row) return { version: 0, document: environmentPolicySchema.parse({}), createdAt: null, createdBy: '' }
  return {
    version: row.version,
    document: environmentPolicySchema.parse(JSON.parse(row.document)),
    createdAt: row.createdAt,
    createdBy: row.createdBy,
  }
}
