// The one place where a sealed value is opened. Only a runtime that starts a replica imports it (.dependency-cruiser.mjs).
import { unwrap } from '#lib/configuration/internal/data-key'
import { open } from '#lib/configuration/internal/sealing'
import type { Tx } from '#lib/platform/database'
import { Refusal } from '#lib/platform/refusal'

/**
 * The values of secret versions by their ids, in a transaction of their tenant. `unavailable` when one cannot be opened: its row
 * or its key is another than it was sealed with.
 */
export async function openSecrets(tx: Tx, versionIds: readonly string[]): Promise<Map<string, string>> {
  if (versionIds.length === 0) return new Map()
  const rows = await tx.secretVersion.findMany({ where: { id: { in: [...versionIds] } } })
  const keys = await tx.secretKey.findMany({ where: { id: { in: rows.map(({ keyId }) => keyId) } } })
  const values = new Map<string, string>()
  for (const versionId of versionIds) {
    const row = rows.find(({ id }) => id === versionId)
    const key = keys.find(({ id }) => id === row?.keyId)
    if (!row || !key) throw cannot(row?.name ?? versionId)
    const { tenantId, environmentId, applicationId, name, number } = row
    const dataKey = unwrap(key)
    try {
      values.set(versionId, open(dataKey.key, row.sealed, { tenantId, environmentId, applicationId, name, number }).toString('utf8'))
    } catch {
      throw cannot(name)
    }
  }
  return values
}

function cannot(name: string): Refusal {
  return new Refusal('unavailable', `The secret ${name} cannot be opened: it was sealed for another place, or changed since.`, {
    fix: 'Set it again, and find out who changed the table.',
  })
}
