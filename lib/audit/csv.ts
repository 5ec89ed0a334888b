// CSV (RFC 4180) that a spreadsheet opens without running anything.

export type CsvValue = string | number | null

/** One record with its line end. */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(cell).join(',')}\r\n`
}

/**
 * A text that begins like a formula gets an apostrophe before it (OWASP, "CSV Injection"): a name or a reason is other people's words,
 * and a spreadsheet would compute them.
 */
export function safeText(value: string): string {
  return /^\s*[=+\-@\t\r]/.test(value) ? `'${value}` : value
}

function cell(value: CsvValue): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const safe = safeText(value)
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** The records of a CSV text; quotes, commas and line ends inside of quotes are kept. Throws a SyntaxError for a quote that never ends. */
export function parseCsv(text: string): string[][] {
  const records: string[][] = []
  let record: string[] = []
  let at = 0
  while (at < text.length) {
    const [value, next] = text[at] === '"' ? quoted(text, at) : plain(text, at)
    record.push(value)
    const end = text[next]
    at = next + 1
    if (end === ',') continue
    if (end === '\r' && text[at] === '\n') at += 1
    records.push(record)
    record = []
  }
  if (record.length > 0) records.push([...record, ''])
  return records
}

function plain(text: string, start: number): [string, number] {
  let end = start
  while (end < text.length && text[end] !== ',' && text[end] !== '\r' && text[end] !== '\n') end += 1
  return [text.slice(start, end), end]
}

function quoted(text: string, start: number): [string, number] {
  let value = ''
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] !== '"') value += text[at]
    else if (text[at + 1] === '"') {
      value += '"'
      at += 1
    } else return [value, at + 1]
  }
  throw new SyntaxError('A quote of the CSV never ends.')
}
