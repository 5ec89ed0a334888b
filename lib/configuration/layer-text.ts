// A layer as text that people type: sections, and `key = value` below them. Files stay apart; they are texts themselves.
import { keyPattern } from '#lib/configuration/key'
import type { Connection, LayerDocument } from '#lib/configuration/config-document'

export const textSections = ['connections', 'flags', 'variables', 'jvm-arguments'] as const
export type TextSection = (typeof textSections)[number]
/** What stands above the first section. */
export const textNumbers = ['replicas', 'max-unavailable', 'max-surge'] as const

/** A span of the text, in UTF-16 units from its start. */
export interface Span {
  from: number
  to: number
}

export interface TextLine extends Span {
  /** undefined above the first section, and below one that does not exist. */
  section: TextSection | undefined
  /** Of a JVM argument, the whole line. */
  key: string
  keySpan: Span
  value: string
  valueSpan: Span
}

export interface TextProblem extends Span {
  words: string
}

export interface LayerText {
  /** Everything but the files. */
  document: Omit<LayerDocument, 'files'>
  lines: TextLine[]
  /** What could not be read; with one of them the document is not what was meant. */
  problems: TextProblem[]
}

/** The text of a layer. `readLayerText` of it gives the same document. */
export function layerText(layer: Omit<LayerDocument, 'files'>): string {
  const { connections, flags, variables, jvmArguments, replicas, strategy } = layer
  const section = <V>(name: TextSection, group: Record<string, V>, say: (value: V) => string): string[] => [
    '',
    `[${name}]`,
    ...Object.keys(group)
      .sort()
      .map((key) => `${key} = ${say(group[key] as V)}`.trimEnd()),
  ]
  const numbers = [
    ...(replicas === undefined ? [] : [`replicas = ${replicas}`]),
    ...(strategy === undefined ? [] : [`max-unavailable = ${strategy.maxUnavailable}`, `max-surge = ${strategy.maxSurge}`]),
  ]
  return [
    ...numbers,
    ...section('connections', connections, ({ secret, deliver }) => (deliver === 'file' ? `${secret} as file` : secret)),
    ...section('flags', flags, (value) => (typeof value === 'boolean' ? String(value) : quoted(value, /^(?:true|false)$/.test(value)))),
    ...section('variables', variables, (value) => quoted(value)),
    '',
    '[jvm-arguments]',
    ...jvmArguments.map((argument) => quoted(argument, /^[[#]/.test(argument))),
    '',
  ]
    .join('\n')
    .replace(/^\n+/, '')
}

/** As it is where that reads back; in quotes, as JSON writes a text, where it would not. */
function quoted(value: string, isForced = false): string {
  // oxlint-disable-next-line no-control-regex -- a control character would not survive a line
  const isPlain = value === value.trim() && !/^"|[\u0000-\u001f\u007f\u0085\u2028\u2029]/.test(value)
  return isPlain && !isForced ? value : JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}

/** Reads a text, line by line; what cannot be read is named and left out. */
export function readLayerText(text: string): LayerText {
  const read: Reading = { lines: [], problems: [], connections: {}, flags: {}, variables: {}, jvmArguments: [], numbers: new Map() }
  let section: TextSection | undefined
  let isKnown = true
  let from = 0
  for (const raw of text.split('\n')) {
    const line = raw.replace(/\r$/, '')
    const span = { from, to: from + line.length }
    from += raw.length + 1
    const said = line.trim()
    if (said === '' || said.startsWith('#')) continue
    const head = /^\[(.*)\]$/.exec(said)
    if (head) {
      section = textSections.find((name) => name === head[1]?.trim())
      isKnown = section !== undefined
      if (!isKnown) read.problems.push({ ...span, words: `There is no section ${said}: ${textSections.map((name) => `[${name}]`).join(', ')}.` })
    } else if (isKnown) {
      readLine(read, section, line, span)
    }
  }
  return finish(read, text)
}

interface Reading extends Pick<LayerDocument, 'connections' | 'flags' | 'variables' | 'jvmArguments'> {
  lines: TextLine[]
  problems: TextProblem[]
  numbers: Map<string, number>
}

function readLine(read: Reading, section: TextSection | undefined, line: string, span: Span): void {
  const start = span.from + line.length - line.trimStart().length
  const whole = { from: start, to: span.from + line.trimEnd().length }
  if (section === 'jvm-arguments') {
    const value = unquoted(line.trim())
    if (value === undefined || value === '') return void read.problems.push({ ...whole, words: 'These quotes are not closed.' })
    read.jvmArguments.push(value)
    read.lines.push({ ...span, section, key: value, keySpan: whole, value, valueSpan: whole })
    return
  }
  const at = line.indexOf('=')
  const key = (at < 0 ? line : line.slice(0, at)).trim()
  const keySpan = { from: start, to: start + key.length }
  const typed = at < 0 ? '' : line.slice(at + 1).trim()
  const valueFrom = at < 0 ? span.to : span.from + at + 1 + (line.slice(at + 1).length - line.slice(at + 1).trimStart().length)
  const valueSpan = { from: valueFrom, to: valueFrom + typed.length }
  const value = unquoted(typed)
  const problem = (words: string, at_: Span = whole): void => void read.problems.push({ ...at_, words })
  read.lines.push({ ...span, section, key, keySpan, value: value ?? typed, valueSpan })
  if (at < 0) return problem(`Write it as ${key} = VALUE.`)
  if (value === undefined) return problem('These quotes are not closed.', valueSpan)
  if (section === undefined) return readNumber(read, key, value, keySpan, valueSpan)
  if (!keyPattern.test(key)) return problem(`${key || 'Nothing'} cannot be a key: letters, digits, _ . and -, no digit first.`, keySpan)
  if ([read.connections, read.flags, read.variables].some((group) => Object.hasOwn(group, key))) return problem(`${key} is there twice.`, keySpan)
  // Defined, not assigned: `__proto__` is a key that matches the pattern.
  const put = (group: object, said: unknown): unknown =>
    Object.defineProperty(group, key, { value: said, enumerable: true, writable: true, configurable: true })
  if (section === 'variables') return void put(read.variables, value)
  if (section === 'flags') return void put(read.flags, typed === 'true' || typed === 'false' ? typed === 'true' : value)
  const connection = readConnection(value)
  if (connection === undefined) return problem(connectionWords, valueSpan.to > valueSpan.from ? valueSpan : whole)
  put(read.connections, connection)
}

const connectionWords = 'A connection names a secret: KEY = NAME, or KEY = NAME as file. The value is set under Secrets and never stands here.'

function readConnection(value: string): Connection | undefined {
  const match = /^([A-Za-z_][A-Za-z0-9_.-]{0,127})(\s+as\s+file)?$/.exec(value)
  return match?.[1] === undefined ? undefined : { secret: match[1], deliver: match[2] === undefined ? 'environment' : 'file' }
}

function readNumber(read: Reading, key: string, value: string, keySpan: Span, valueSpan: Span): void {
  if (!textNumbers.some((name) => name === key)) {
    const words = `${key} stands above the first section, where only ${textNumbers.join(', ')} may. Put it below [variables], [flags] or [connections].`
    read.problems.push({ ...keySpan, words })
  } else if (!/^\d{1,2}$/.test(value) || Number(value) > 50) {
    read.problems.push({ ...(value === '' ? keySpan : valueSpan), words: `${key} is a whole number from 0 to 50.` })
  } else if (read.numbers.has(key)) {
    read.problems.push({ ...keySpan, words: `${key} is there twice.` })
  } else {
    read.numbers.set(key, Number(value))
  }
}

function finish({ lines, problems, numbers, ...groups }: Reading, text: string): LayerText {
  const [replicas, maxUnavailable, maxSurge] = textNumbers.map((name) => numbers.get(name))
  const isRolled = maxUnavailable !== undefined || maxSurge !== undefined
  const strategy = { maxUnavailable: maxUnavailable ?? 0, maxSurge: maxSurge ?? 0 }
  if (isRolled && strategy.maxUnavailable + strategy.maxSurge === 0) {
    problems.push({ from: 0, to: text.split('\n', 1)[0]?.length ?? 0, words: 'With neither max-unavailable nor max-surge nothing can be replaced.' })
  }
  const { connections, flags, variables, jvmArguments } = groups
  return {
    document: {
      connections,
      flags,
      variables,
      jvmArguments,
      ...(replicas === undefined ? {} : { replicas }),
      ...(isRolled ? { strategy } : {}),
    },
    lines,
    problems,
  }
}

/** What is in the quotes, or the text where there are none; undefined where they are not closed. */
function unquoted(text: string): string | undefined {
  if (!text.startsWith('"')) return text
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}
