import { unwrap } from '#lib/configuration/internal/data-key'
import { open } from '#lib/configuration/internal/sealing'
import type { Tx } from '#lib/platform/database'

/** How many sealed secrets there are, and the names of those that the keys at hand do not open; no value leaves this function. */
export async function verifySecrets(tx: Tx): Promise<{ count: number; closed: string[] }> {
  const keys = new Map((await tx.secretKey.findMany()).map((key) => [key.id, key]))
  const rows = (await tx.secretVersion.findMany()).filter(({ sealed }) => sealed.length > 0)
  const closed = rows.filter((row) => {
    const key = keys.get(row.keyId)
    if (!key) return true
    try {
      const { tenantId, environmentId, applicationId, name, number } = row
      open(unwrap(key).key, row.sealed, { tenantId, environmentId, applicationId, name, number })
      return false
    } catch {
      return true
    }
  })
  return { count: rows.length, closed: closed.map(({ name }) => name) }
}
