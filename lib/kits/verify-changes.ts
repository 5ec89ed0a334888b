// The offline verifier of exported changes: needs the file and, to be worth anything, a key that was kept from before.
import { createHash } from 'node:crypto'
import { openCheckpoint, parseVerifierLine, type Checkpoint } from '#lib/audit/checkpoint'
import { entryContentSchema, type EntryContent } from '#lib/audit/entry'
import { leafHash, verifyInclusion } from '#lib/audit/merkle'
import type { Trusted } from '#lib/audit/verify-export'
import { changeLineSchema, changesEndSchema, changesHeaderSchema } from '#lib/kits/changes-format'

export interface ChangesVerification {
  tenant: string
  changes: number
  entries: number
  isOk: boolean
  /** One sentence each. */
  findings: string[]
  /** Why it proves less than it could; '' when it proves everything. */
  words: string
}

/**
 * Verifies exported changes: that no line was changed or left out, that every entry is in the log which the checkpoint signs, and that
 * each change says what its entries say. Throws a SyntaxError for what is no such file.
 */
export function verifyChanges(text: string, trusted: Trusted = {}): ChangesVerification {
  const lines = text.split('\n').slice(0, -1)
  const header = changesHeaderSchema.safeParse(json(lines[0]))
  if (!header.success) throw new SyntaxError('This is no file of changes that Caisson exported: its first line is no header.')
  const { log, checkpoint: note, verifierLine, tenant } = header.data
  const verifier = parseVerifierLine(trusted.verifierLine ?? verifierLine)
  const checkpoint = verifier && openCheckpoint(note, verifier)
  const findings: string[] = []
  if (note !== '' && !checkpoint) findings.push('The checkpoint was not signed with the key of this log.')
  const end = changesEndSchema.safeParse(json(lines.at(-1)))
  const body = lines.slice(1, end.success ? -1 : undefined)
  let entries = 0
  for (const [index, line] of body.entries()) {
    const parsed = changeLineSchema.safeParse(json(line))
    if (!parsed.success) findings.push(`Line ${index + 2} is no change.`)
    else {
      entries += parsed.data.entries.length
      findings.push(...judge(parsed.data, log, checkpoint))
    }
  }
  findings.push(...judgeEnd(text, end.success ? end.data : undefined, body.length))
  return { tenant, changes: body.length, entries, isOk: findings.length === 0, findings, words: weakness(note, trusted) }
}

function judge({ change, entries }: ReturnType<typeof changeLineSchema.parse>, log: string, checkpoint: Checkpoint | undefined): string[] {
  const findings: string[] = []
  const contents: EntryContent[] = []
  for (const { id, seq, content, proof } of entries) {
    const said = entryContentSchema.safeParse(json(content))
    if (!said.success || said.data.id !== id || said.data.log !== log || said.data.subject.id !== change.id) {
      findings.push(`An entry beside the change ${change.id} is not about it.`)
      continue
    }
    contents.push(said.data)
    if (proof === null || seq === null || !checkpoint) continue
    const path = proof.map((sibling) => Buffer.from(sibling, 'base64'))
    if (!verifyInclusion(leafHash(content), seq, checkpoint.size, path, checkpoint.root)) {
      findings.push(`Entry ${id} at place ${seq} is not in the log that the checkpoint signs.`)
    }
  }
  const claimed = contents.find(({ action }) => action === 'promotion.claimed')
  if (!claimed) findings.push(`No entry says that the change ${change.id} was claimed.`)
  else if (claimed.after['planDigest'] !== change.planDigest) findings.push(`The change ${change.id} has another plan than the log says.`)
  const approvers = new Set(contents.filter(({ action }) => action === 'promotion.approved').map(({ actor }) => actor.id))
  for (const { by } of change.approvals) {
    if (!approvers.has(by.id)) findings.push(`No entry says that ${by.id} approved the change ${change.id}.`)
  }
  return findings
}

function judgeEnd(text: string, end: { changes: number; sha256: string } | undefined, count: number): string[] {
  if (!end) return ['The file has no end: it was cut off.']
  const before = text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1)
  if (end.changes !== count) return [`The file says ${end.changes} changes and has ${count}.`]
  return createHash('sha256').update(before).digest('hex') === end.sha256 ? [] : ['The lines are not the ones that were written.']
}

function weakness(note: string, trusted: Trusted): string {
  if (note === '') return 'Nothing was signed when it was exported, so no entry is proven.'
  if (trusted.verifierLine === undefined) return 'The key comes from the file itself: bring the verifier line that you kept.'
  return ''
}

function json(line: string | undefined): unknown {
  try {
    return JSON.parse(line ?? '')
  } catch {
    return undefined
  }
}
