import { csvLine } from '#lib/audit/csv'
import { csvColumns, exportEntrySchema } from '#lib/audit/export-format'
import { entryContentSchema } from '#lib/audit/entry'
import { exportEntries } from '#lib/audit/queries/export-entries'
import type { Context } from '#lib/platform/context'

/** The same entries as {@link exportEntries} as CSV: to read in a spreadsheet, and with what the offline verifier needs in its last columns. */
export async function* exportCsv(ctx: Context): AsyncGenerator<string> {
  yield csvLine(csvColumns)
  for await (const line of exportEntries(ctx)) {
    const parsed = exportEntrySchema.safeParse(JSON.parse(line))
    if (!parsed.success) continue
    const { seq, id, content, contentHash, keyId, hmac, prevHash, hash } = parsed.data
    const { at, actor, action, subject, outcome, reason, requestId } = entryContentSchema.parse(JSON.parse(content))
    const words = [at, actor.name || actor.id, action, `${subject.kind}:${subject.id}`, subject.name ?? '', outcome, reason, requestId]
    yield csvLine([seq, ...words, id, content, contentHash, keyId, hmac, prevHash, hash])
  }
}
