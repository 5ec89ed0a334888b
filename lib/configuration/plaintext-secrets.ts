// What looks like a secret that stands in the open. Heuristics: each says why, so that a person can tell a false alarm.
import type { ConfigDocument, LayerDocument } from '#lib/configuration/config-document'
import { entriesOf, type EntryGroup } from '#lib/configuration/entries'

export interface PlaintextFinding {
  group: EntryGroup
  key: string
  /** Why it was taken for a secret; never the value. */
  why: string
}

/** Values that look like secrets in variables, flags, JVM arguments and files. What a connection refers to is where it belongs. */
export function findPlaintextSecrets(document: ConfigDocument | LayerDocument): PlaintextFinding[] {
  return entriesOf(document).flatMap(({ group, key, text }): PlaintextFinding[] => {
    const why = whyOf(group, key, text)
    return why === undefined ? [] : [{ group, key, why }]
  })
}

/** Keys whose values look like secrets in the open and did not before: what a person is asked about when they save. */
export function newlyInTheOpen(document: LayerDocument, before: LayerDocument): string[] {
  const was = new Set(findPlaintextSecrets(before).map(({ group, key }) => `${group} ${key}`))
  return findPlaintextSecrets(document)
    .filter(({ group, key }) => !was.has(`${group} ${key}`))
    .map(({ key }) => key)
}

function whyOf(group: EntryGroup, key: string, text: string): string | undefined {
  switch (group) {
    case 'variables':
    case 'flags':
      return whyPair(key, text)
    case 'jvmArguments': {
      const pair = /^-D([^=]+)=(.*)$/s.exec(text)
      return pair ? whyPair(pair[1] ?? '', pair[2] ?? '') : whyShape(text)
    }
    case 'files':
      return whyFile(text)
    default:
      return undefined
  }
}

/** Why a key with this value would be a secret; undefined when nothing says so. */
export function whyPair(key: string, value: string): string | undefined {
  const shape = whyShape(value)
  if (shape !== undefined) return shape
  if (!isSecretName(key) || isHarmless(value)) return undefined
  return 'its name says that it is a secret'
}

/** Lines `key=value` and `key: value` of properties, YAML and JSON, and shapes anywhere. */
function whyFile(content: string): string | undefined {
  const shape = whyShape(content)
  if (shape !== undefined) return shape
  for (const [index, line] of content.split('\n').entries()) {
    const pair = /^\s*["']?([A-Za-z][A-Za-z0-9_.-]{0,100})["']?\s*[:=]\s*["']?([^"'#\s][^"'#]*)/.exec(line)
    const why = pair && whyPair(pair[1] ?? '', (pair[2] ?? '').replace(/[,;\s]+$/, ''))
    if (why) return `line ${index + 1} (${pair[1] ?? ''}): ${why}`
  }
  return undefined
}

const shapes: [RegExp, string][] = [
  [/-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/, 'it holds a private key (PEM)'],
  [/\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/, 'it holds a JSON web token'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/, 'it holds an AWS access key'],
  [/\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}|glpat-[A-Za-z0-9_-]{20,})/, 'it holds a token of a source host'],
  [/\bxox[abposr]-[A-Za-z0-9-]{10,}/, 'it holds a Slack token'],
  [/:\/\/[^/\s:@$]+:(?!\$\{)[^/\s@]+@/, 'it is an address with a password in it'],
  [/[?&;](?:password|pwd)=(?!\$\{)[^&;\s]+/i, 'it is an address with a password in it'],
]

function whyShape(value: string): string | undefined {
  const shape = shapes.find(([pattern]) => pattern.test(value))
  if (shape) return shape[1]
  return looksRandom(value) ? 'it looks like random characters' : undefined
}

const secretWords = /^(?:password|passwd|passphrase|pwd|secret|secrets|token|credential|credentials|apikey|privatekey|accesskey|secretkey)$/
/** A name that goes on like this is about a secret, and not one. */
const aboutSecrets =
  /^(?:url|uri|ttl|name|names|length|min|max|size|count|expiry|expiration|expires|validity|timeout|seconds|minutes|hours|days|enabled|disabled|required|path|file|location|dir|type|header|prefix|suffix|endpoint|policy|algorithm|alg|encoder|encoding|issuer|audience|provider|strategy|mode|version|store)$/

/** Whether a key is named like a secret: `DB_PASSWORD`, `spring.datasource.password`, `apiKey`; not `TOKEN_TTL`. */
export function isSecretName(key: string): boolean {
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
  const joined = words.map((word, index) =>
    word === 'key' && /^(?:api|private|access|secret|encryption|signing|master|account)$/.test(words[index - 1] ?? '') ? 'secretkey' : word,
  )
  const at = joined.findLastIndex((word) => secretWords.test(word))
  return at >= 0 && !joined.slice(at + 1).some((word) => aboutSecrets.test(word))
}

/** Nothing, a switch, a number, or a reference that is filled in elsewhere. */
function isHarmless(value: string): boolean {
  const text = value.trim()
  return text === '' || /^(?:true|false|none|null|\d+(?:\.\d+)?(?:ms|s|m|h|d)?)$/i.test(text) || /^\$\{[^}]+\}$/.test(text)
}

/** A run of at least 24 characters with lower case, upper case and digits, whose letters are about as even as chance makes them. */
function looksRandom(value: string): boolean {
  const runs = value.match(/(?<![A-Za-z0-9+/_.=-])[A-Za-z0-9+/_-]{24,}={0,2}(?![A-Za-z0-9+/_.-])/g) ?? []
  return runs.some(
    (run) => !run.startsWith('/') && /[a-z]/.test(run) && /[A-Z]/.test(run) && (run.match(/\d/g) ?? []).length > 2 && entropyOf(run) > 4.1,
  )
}

/** Bits for each character (Shannon). */
function entropyOf(text: string): number {
  const counts = new Map<string, number>()
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0)
}
