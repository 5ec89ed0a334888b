// `caisson audit verify FILE`: on an auditor's machine, with neither server nor database.
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { exportFromCsv, isCsvExport } from '#lib/audit/export-from-csv'
import { verifyExport, type Trusted } from '#lib/audit/verify-export'
import { verifyChanges } from '#lib/kits/verify-changes'
import { Refusal } from '#lib/platform/refusal'

export interface FileVerification {
  kind: 'log' | 'changes'
  isOk: boolean
  /** What was checked, in words. */
  checked: string
  findings: string[]
  /** Why it proves less than it could; '' when it proves everything. */
  words: string
}

/** Verifies an exported file, whichever it is. Refuses a file that is not there or is no export. */
export async function verifyFile(file: string, options: { key?: string; checkpoint?: string[] }): Promise<FileVerification> {
  if (!existsSync(file)) throw new Refusal('not_found', `There is no file ${file}.`, { fix: 'Name the file that was exported.' })
  const trusted: Trusted = {
    ...(options.key === undefined ? {} : { verifierLine: readOrTake(options.key) }),
    ...(options.checkpoint === undefined ? {} : { checkpoints: options.checkpoint.map((path) => readFileSync(path, 'utf8')) }),
  }
  try {
    const head = await headOf(file)
    if (head.startsWith('{"type":"caisson-changes"')) return ofChanges(readFileSync(file, 'utf8'), trusted)
    const lines = isCsvExport(head)
      ? exportFromCsv(readFileSync(file, 'utf8'))
      : createInterface({ input: createReadStream(file), crlfDelay: Infinity })
    const { size, isOk, findings, words } = await verifyExport(lines, trusted)
    return { kind: 'log', isOk, checked: `${size} entries`, findings: findings.map((one) => `${one.code}: ${one.words}`), words }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new Refusal('unsupported', error.message, { fix: 'Take a file that `caisson audit export` or the auditor’s desk wrote.' })
  }
}

export function describeFile(file: string, { isOk, checked, findings, words }: FileVerification): string {
  if (!isOk)
    return [
      `✗ ${file}: ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'} among ${checked}`,
      ...findings.map((one) => `  ${one}`),
    ].join('\n')
  return [`✓ ${file}: ${checked} verified`, ...(words === '' ? [] : [`  ${words}`])].join('\n')
}

function ofChanges(text: string, trusted: Trusted): FileVerification {
  const { changes, entries, isOk, findings, words } = verifyChanges(text, trusted)
  return { kind: 'changes', isOk, checked: `${changes} changes with ${entries} entries`, findings, words }
}

async function headOf(file: string): Promise<string> {
  let head = ''
  for await (const chunk of createReadStream(file, { end: 1023, encoding: 'utf8' })) head += chunk as string
  return head
}

/** A path to the line, or the line itself. */
function readOrTake(key: string): string {
  return existsSync(key) ? readFileSync(key, 'utf8').trim() : key
}
