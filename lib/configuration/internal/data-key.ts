import { randomBytes } from 'node:crypto'
import { currentKek, kekById } from '#lib/configuration/internal/key-ring'
import { open, seal } from '#lib/configuration/internal/sealing'
import type { Tx } from '#lib/platform/database'
import { newId } from '#lib/platform/id'
import { Refusal } from '#lib/platform/refusal'

export interface DataKey {
  id: string
  key: Buffer
}

interface Row {
  id: string
  tenantId: string
  wrapped: Uint8Array
  kekId: string
}

const aboutKey = ({ id, tenantId }: Pick<Row, 'id' | 'tenantId'>) => ({ dataKey: id, tenant: tenantId })

/** The data key of a tenant, made on first use; of two that make it at once, one is kept. */
export async function dataKeyOf(tx: Tx, tenantId: string): Promise<DataKey> {
  const standing = await tx.secretKey.findUnique({ where: { tenantId } })
  if (standing) return unwrap(standing)
  const id = newId()
  const kek = currentKek()
  const wrapped = seal(kek.key, randomBytes(32), aboutKey({ id, tenantId }))
  await tx.$executeRaw`
    insert into secret_key (id, tenant_id, wrapped, kek_id) values (${id}, ${tenantId}, ${wrapped}, ${kek.id}) on conflict (tenant_id) do nothing`
  return unwrap(await tx.secretKey.findUniqueOrThrow({ where: { tenantId } }))
}

/** `unavailable` when its key-encryption key is not here, or the row is another than was wrapped. */
export function unwrap(row: Row): DataKey {
  const kek = kekById(row.kekId)
  try {
    return { id: row.id, key: open(kek.key, row.wrapped, aboutKey(row)) }
  } catch (cause) {
    throw new Refusal('unavailable', `The data key ${row.id} cannot be opened: its row was changed since it was wrapped.`, {
      fix: 'Restore the table secret_key from a backup, and find out who changed it.',
      cause,
    })
  }
}

/** The same data key under the key-encryption key of now. */
export function wrapAgain(row: Row): { wrapped: Uint8Array<ArrayBuffer>; kekId: string } {
  const kek = currentKek()
  return { wrapped: seal(kek.key, unwrap(row).key, aboutKey(row)), kekId: kek.id }
}
