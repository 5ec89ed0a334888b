// The offline verifier: needs the export and, to be worth anything, a key and checkpoints that were kept from before.
import { LogVerifier, type SignedRoot } from '#lib/audit/chain'
import { openCheckpoint, parseVerifierLine, type Verifier } from '#lib/audit/checkpoint'
import { exportEndSchema, exportEntrySchema, exportHeaderSchema, type ExportHeader } from '#lib/audit/export-format'
import { finding, type Finding } from '#lib/audit/finding'

export interface ExportVerification {
  log: string
  size: number
  isOk: boolean
  findings: Finding[]
  /** `proven`: a checkpoint signed with a key that the verifier brought covers every entry, and none is missing. */
  completeness: 'proven' | 'not_proven'
  /** One sentence on why the completeness is not proven; '' when it is. */
  words: string
}

export interface Trusted {
  /** The log's verifier line, kept from an earlier day; without it the export vouches for itself. */
  verifierLine?: string
  /** Checkpoints kept from earlier: a log that was rewritten since does not agree with them. */
  checkpoints?: readonly string[]
}

/**
 * Verifies a log from its export alone: hashes, links, tree, checkpoints. It cannot check the HMACs, whose key never
 * leaves the installation. Throws a SyntaxError for what is no export at all.
 * @param lines JSONL as `exportEntries` writes it
 */
export async function verifyExport(lines: AsyncIterable<string> | Iterable<string>, trusted: Trusted = {}): Promise<ExportVerification> {
  const reading = read(lines)
  const { value: first } = await reading.next()
  const parsed = exportHeaderSchema.safeParse(first)
  if (!parsed.success) throw new SyntaxError('This is not an audit log that Caisson exported: its first line is no header.')
  const header = parsed.data
  const findings: Finding[] = []
  const roots = openAll(header, trusted, findings)
  const verifier = new LogVerifier({ log: header.log }, roots)
  let end: number | undefined
  for await (const value of reading) {
    const entry = exportEntrySchema.safeParse(value)
    if (entry.success) {
      const { seq, id, content, contentHash, keyId, hmac, prevHash, hash } = entry.data
      verifier.push({ seq, entryId: id, prevHash, hash, entry: { content, hash: contentHash, keyId, hmac } })
      continue
    }
    const last = exportEndSchema.safeParse(value)
    if (!last.success) findings.push(finding('edited', verifier.size, null, `The line after place ${verifier.size - 1} is no entry.`))
    else end = last.data.entries
  }
  findings.push(...verifier.finish(Math.max(header.size, end ?? 0)))
  const words = whyNotProven(roots, verifier.size, end, trusted)
  return {
    log: header.log,
    size: verifier.size,
    isOk: findings.length === 0,
    findings,
    completeness: words === '' && findings.length === 0 ? 'proven' : 'not_proven',
    words: findings.length > 0 ? 'The log does not verify.' : words,
  }
}

async function* read(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<unknown> {
  for await (const line of lines) {
    if (line.trim() === '') continue
    try {
      yield JSON.parse(line)
    } catch {
      yield undefined
    }
  }
}

function openAll(header: ExportHeader, trusted: Trusted, findings: Finding[]): SignedRoot[] {
  const verifier = parseVerifierLine(trusted.verifierLine ?? header.verifierLine)
  if (!verifier) return []
  return [
    ...open(header.checkpoints, header.origin, verifier, 'a checkpoint of the export', findings),
    ...open(trusted.checkpoints ?? [], header.origin, verifier, 'a checkpoint that was kept', findings),
  ]
}

function open(notes: readonly string[], origin: string, verifier: Verifier, source: string, findings: Finding[]): SignedRoot[] {
  return notes.flatMap((note) => {
    const checkpoint = openCheckpoint(note, verifier)
    if (checkpoint?.origin === origin) return [{ size: checkpoint.size, root: checkpoint.root, source }]
    findings.push(finding('checkpoint_forged', null, null, `${source} was not signed with the key of this log.`))
    return []
  })
}

function whyNotProven(roots: readonly SignedRoot[], size: number, end: number | undefined, trusted: Trusted): string {
  if (end === undefined) return 'The export has no end: it may have been cut off.'
  if (!roots.some((signed) => signed.size === size)) return 'No signed checkpoint covers every entry of the export.'
  if (trusted.verifierLine === undefined) return 'The key comes from the export itself: bring the verifier line that you kept.'
  return ''
}
