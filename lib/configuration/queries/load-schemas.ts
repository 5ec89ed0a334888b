// The configuration properties of releases. They are immutable and large, so what gates ask of them is kept in memory by digest.
import { z } from 'zod'
import { configPropertySchema, type ConfigProperty } from '#lib/tenants/config-property'
import { knownKeysOf, type KnownKeys } from '#lib/configuration/known-keys'
import type { Tx } from '#lib/platform/database'

const propertiesSchema = z.array(configPropertySchema)
const kept = new Map<string, KnownKeys>()
const mostKept = 32

/** The known keys of these lists; a digest is of its content, whoever's it is. At most one statement. */
export async function loadKnownKeys(tx: Tx, digests: readonly string[]): Promise<Map<string, KnownKeys>> {
  const wanted = [...new Set(digests)].filter((digest) => digest !== '')
  const found = new Map<string, KnownKeys>()
  for (const digest of wanted) {
    const known = kept.get(digest)
    if (known) found.set(digest, known)
  }
  const missing = wanted.filter((digest) => !found.has(digest))
  if (missing.length === 0) return found
  const rows = await tx.configSchema.findMany({ where: { digest: { in: missing } } })
  for (const { digest, properties } of rows) {
    const known = knownKeysOf(propertiesSchema.parse(JSON.parse(properties)))
    found.set(digest, known)
    kept.set(digest, known)
    const [oldest] = kept.keys()
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
  }
  return found
}

/** A whole list, for an editor; empty where there is none. */
export async function loadProperties(tx: Tx, digest: string): Promise<ConfigProperty[]> {
  const row = digest === '' ? null : await tx.configSchema.findFirst({ where: { digest } })
  return row ? propertiesSchema.parse(JSON.parse(row.properties)) : []
}
