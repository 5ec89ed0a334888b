// What a command prints: results to stdout, everything about the way there to stderr.
import { blocks, waits, type GateResult } from '#lib/promotions/gates'

export function say(line: string): void {
  process.stdout.write(`${harmless(line)}\n`)
}

export function note(line: string): void {
  process.stderr.write(`${harmless(line)}\n`)
}

/** Reasons and names are other people's words; as control characters they could repaint the terminal that shows a plan. */
export function harmless(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]|[\u202A-\u202E\u2066-\u2069]/gu, '\u{FFFD}')
}

/** The answer of the API as it is, or in words. */
export function show(options: { json?: boolean }, value: unknown, inWords: () => string): void {
  say(options.json ? JSON.stringify(value, null, 2) : inWords())
}

/** Columns as wide as their widest cell; the last one is not padded. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows.map((row) => row.map((cell) => cell.replace(/\s+/g, ' ')))]
  const widths = head.map((_, column) => Math.max(...all.map((row) => widthOf(row[column] ?? ''))))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
      .join('  ')
      .trimEnd()
  return all.map(line).join('\n')
}

/** Name and value under each other, the values aligned; pairs without a value are left out. */
export function facts(pairs: readonly (readonly [string, string])[]): string {
  const told = pairs.filter(([, value]) => value !== '')
  const width = Math.max(...told.map(([name]) => widthOf(name)))
  return told.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')
}

/** What a person recognises a digest by. */
export function short(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12)
}

export function bytes(size: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB']
  let value = size
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}

/** `2026-11-25 07:40Z`: one zone, so that two people read the same. */
export function time(iso: string | null): string {
  return iso === null || iso === '' ? '' : `${iso.slice(0, 10)} ${iso.slice(11, 16)}Z`
}

/** One line per gate: sign, name, outcome, reason, and the fix of what blocks. */
export function gateLines(gates: readonly GateResult[]): string {
  return gates
    .filter(({ outcome }) => outcome !== 'not_applicable')
    .map((gate) => {
      const sign = waits(gate) ? '…' : blocks(gate) ? '✗' : gate.outcome === 'passed' ? '✓' : '!'
      const fix = blocks(gate) && gate.fix ? ` → ${gate.fix.words}` : ''
      return `  ${sign} ${gate.gate}: ${gate.outcome.replaceAll('_', ' ')}. ${gate.reason}${fix}`
    })
    .join('\n')
}

function widthOf(text: string): number {
  return [...text].length
}
