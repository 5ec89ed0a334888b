import { appendEntry } from '#lib/audit/commands/append-entry'
import { wrapAgain } from '#lib/configuration/internal/data-key'
import { currentKek, makeNextKek } from '#lib/configuration/internal/key-ring'
import type { Context } from '#lib/platform/context'

export interface Rewrapped {
  /** Of the key-encryption key that counts now. */
  kekId: string
  /** Data keys that were wrapped by another one. */
  rewrapped: number
}

/** Makes the next key-encryption key and wraps every data key by it. The values themselves are not sealed again. */
export async function rotateSecretsKey(ctx: Context): Promise<Rewrapped> {
  makeNextKek()
  return rewrapDataKeys(ctx)
}

/** Wraps by the key of now what another one wrapped: after a rotation, and after CAISSON_SECRETS_KEY changed. Runs as the platform. */
export async function rewrapDataKeys(ctx: Context): Promise<Rewrapped> {
  return ctx.write(async (tx) => {
    if ((await tx.secretKey.count()) === 0) return { kekId: '', rewrapped: 0 }
    const kekId = currentKek().id
    const rows = await tx.secretKey.findMany({ where: { kekId: { not: kekId } } })
    for (const row of rows) {
      await tx.secretKey.update({ where: { id: row.id }, data: { ...wrapAgain(row), wrappedAt: ctx.now() }, select: { id: true } })
    }
    if (rows.length > 0) {
      await appendEntry(tx, ctx, {
        action: 'secrets.rewrapped',
        subject: { kind: 'key', id: kekId },
        before: { keys: [...new Set(rows.map((row) => row.kekId))] },
        after: { key: kekId, dataKeys: rows.length },
      })
    }
    return { kekId, rewrapped: rows.length }
  })
}
