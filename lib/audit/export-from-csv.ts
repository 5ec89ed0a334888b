import { parseCsv, safeText } from '#lib/audit/csv'
import { originOf } from '#lib/audit/checkpoint'
import { entryContentSchema } from '#lib/audit/entry'
import { csvColumns } from '#lib/audit/export-format'

/** Whether a file begins as the CSV form of a log does. */
export function isCsvExport(text: string): boolean {
  return text.startsWith(`${csvColumns.join(',')}\r\n`)
}

/**
 * The CSV form of a log as the JSONL form, for the verifier. A CSV carries no checkpoint: without one that was kept, its end is not
 * proven. The words in its columns are compared with the text that was hashed.
 */
export function exportFromCsv(text: string): string[] {
  const records = parseCsv(text).slice(1)
  const entries = records.map((record) => {
    const cells = Object.fromEntries(csvColumns.map((column, index) => [column, record[index] ?? '']))
    const { seq, id, content, contentHash, keyId, hmac, prevHash, hash } = cells
    return { type: 'entry', seq: Number(seq), id, content: wordsAgree(cells) ? content : '', contentHash, keyId, hmac, prevHash, hash }
  })
  const log = logOf(entries[0]?.content ?? '')
  const header = {
    type: 'caisson-audit-log',
    version: 1,
    log,
    origin: originOf(log),
    exportedAt: '',
    exportedBy: '',
    verifierLine: '',
    size: entries.length,
    checkpoints: [],
  }
  return [header, ...entries, { type: 'end', entries: entries.length }].map((line) => JSON.stringify(line))
}

/** What a reader of the spreadsheet reads must be what was hashed: an edited cell shows as an edited entry. */
function wordsAgree(cells: Record<string, string>): boolean {
  try {
    const { at, actor, action, subject, outcome, reason, requestId } = entryContentSchema.parse(JSON.parse(cells['content'] ?? ''))
    const said = {
      at,
      actor: actor.name || actor.id,
      action,
      subject: `${subject.kind}:${subject.id}`,
      'subject name': subject.name ?? '',
      outcome,
      reason,
      request: requestId,
    }
    return Object.entries(said).every(([cell, value]) => cells[cell] === safeText(value))
  } catch {
    return false
  }
}

function logOf(content: string): string {
  try {
    return String((JSON.parse(content) as { log?: unknown }).log)
  } catch {
    return ''
  }
}
