import { openSecrets } from '#lib/configuration/queries/open-secrets'
import { database, inTransaction } from '#lib/platform/database'
import type { SecretSource } from '#lib/runtime/secret-source'

/** The secrets of this installation's own database. */
export const sealedSecrets: SecretSource = {
  open: ({ tenantId }, versionIds) =>
    versionIds.length === 0
      ? Promise.resolve(new Map())
      : inTransaction(database(), { role: 'caisson_app', tenantId }, (tx) => openSecrets(tx, versionIds)),
}
