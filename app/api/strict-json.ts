// One JSON object as every reader of it understands it. Parsers differ on a name that comes twice, and PostgreSQL keeps neither
// U+0000 nor half a surrogate pair, so such a text is refused before anything is decided from it (S-27).
import { Refusal } from '#lib/platform/refusal'

const mostLevels = 32
const mostNames = 5000

/** @throws Refusal `invalid_input` for what is not one well-formed and unambiguous JSON object in UTF-8 */
export function parseJsonObject(bytes: Uint8Array): Record<string, unknown> {
  let text: string
  let value: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    value = JSON.parse(text)
  } catch {
    throw refuse('The body is not well-formed JSON in UTF-8.', 'Send one JSON object.')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse('The body is not a JSON object.', 'Send one JSON object.')
  scan(text)
  return value as Record<string, unknown>
}

/** Text that a column can keep and a log can show. */
export function demandStorable(text: string, what: string): void {
  if (!text.includes('\0') && text.isWellFormed()) return
  throw refuse(`${what} holds U+0000 or half of a surrogate pair, which are no text.`, 'Take it out and send it again.')
}

/** Walks the tokens of a text that is known to be well-formed. */
function scan(text: string): void {
  const levels: (Set<string> | undefined)[] = []
  let names = 0
  for (let at = 0; at < text.length; at += 1) {
    const token = text[at]
    if (token === '{' || token === '[') {
      if (levels.push(token === '{' ? new Set() : undefined) > mostLevels) {
        throw refuse(`The body is nested deeper than ${mostLevels} levels.`, 'Send it flatter.')
      }
    } else if (token === '}' || token === ']') levels.pop()
    else if (token === '"') {
      const end = endOfString(text, at)
      const string = JSON.parse(text.slice(at, end)) as string
      demandStorable(string, 'The body')
      at = end - 1
      if (!isName(text, end)) continue
      const known = levels.at(-1)
      if (known?.has(string)) throw refuse(`The body has "${string.slice(0, 80)}" twice in one object.`, 'Say each thing once.')
      known?.add(string)
      if ((names += 1) > mostNames) throw refuse(`The body has more than ${mostNames} names.`, 'Send less at once.')
    }
  }
}

/** The place after the closing quote of the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at += 1) {
    if (text[at] === '"') return at + 1
    if (text[at] === '\\') at += 1
  }
}

function isName(text: string, end: number): boolean {
  let at = end
  while (/[ \t\n\r]/.test(text[at] ?? '')) at += 1
  return text[at] === ':'
}

function refuse(words: string, fix: string): Refusal {
  return new Refusal('invalid_input', words, { fix })
}
