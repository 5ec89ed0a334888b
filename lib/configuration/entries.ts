// A configuration as one flat list: what is compared, laid out in a matrix, and shown line by line.
import type { ConfigDocument, LayerDocument } from '#lib/configuration/config-document'

export const entryGroups = ['connections', 'flags', 'variables', 'jvmArguments', 'files', 'replicas', 'strategy'] as const
export type EntryGroup = (typeof entryGroups)[number]

/** As a page says them. */
export const groupWords: Record<EntryGroup, string> = {
  connections: 'Connections',
  flags: 'Feature flags',
  variables: 'Variables',
  jvmArguments: 'JVM arguments',
  files: 'Files',
  replicas: 'Replicas',
  strategy: 'Strategy',
}

export interface ConfigEntry {
  group: EntryGroup
  key: string
  /** What stands there, in full; a connection names its secret. */
  text: string
  /** Of a JVM argument. */
  index?: number
}

export interface EntryChange {
  group: EntryGroup
  key: string
  change: 'added' | 'removed' | 'changed' | 'same'
  /** null where it is not set. */
  before: string | null
  after: string | null
}

/** By group, then by key; JVM arguments in their order, each under what it sets (`-Xmx`, `-Dserver.port`). */
export function entriesOf(document: ConfigDocument | LayerDocument): ConfigEntry[] {
  const { connections, flags, variables, jvmArguments, files, replicas, strategy } = document
  const sorted = <V>(group: EntryGroup, values: Record<string, V>, say: (value: V) => string): ConfigEntry[] =>
    Object.keys(values)
      .sort()
      .map((key) => ({ group, key, text: say(values[key] as V) }))
  return [
    ...sorted('connections', connections, ({ secret, deliver }) => `secret ${secret}${deliver === 'file' ? ', as a file' : ''}`),
    ...sorted('flags', flags, String),
    ...sorted('variables', variables, String),
    ...argumentEntries(jvmArguments),
    ...sorted('files', files, String),
    ...(replicas === undefined ? [] : [{ group: 'replicas' as const, key: 'replicas', text: String(replicas) }]),
    ...(strategy === undefined
      ? []
      : [
          {
            group: 'strategy' as const,
            key: 'strategy',
            text: `max unavailable ${strategy.maxUnavailable}, max surge ${strategy.maxSurge}`,
          },
        ]),
  ]
}

function argumentEntries(all: readonly string[]): ConfigEntry[] {
  const seen = new Map<string, number>()
  return all.map((text, index) => {
    const name = argumentName(text)
    const nth = (seen.get(name) ?? 0) + 1
    seen.set(name, nth)
    return { group: 'jvmArguments', key: nth === 1 ? name : `${name} (${nth})`, text, index }
  })
}

/** `-Dkey` of `-Dkey=value`, `-Xmx` of `-Xmx512m`, `-XX:Name` of `-XX:+Name` and `-XX:Name=1`; else the argument. */
export function argumentName(text: string): string {
  const option = /^-XX:[+-]?([A-Za-z0-9]+)/.exec(text)
  if (option) return `-XX:${option[1]}`
  return /^(-D[^=]+)=/.exec(text)?.[1] ?? /^(-X(?:mx|ms|ss|mn))\d/.exec(text)?.[1] ?? /^([^=]+)=/.exec(text)?.[1] ?? text
}

/** Every key of two configurations, by group; `same` ones too. */
export function compareEntries(before: ConfigDocument | undefined, after: ConfigDocument): EntryChange[] {
  const left = before ? entriesOf(before) : []
  const right = entriesOf(after)
  const idOf = ({ group, key }: ConfigEntry) => `${group} ${key}`
  const was = new Map(left.map((entry) => [idOf(entry), entry]))
  const will = new Map(right.map((entry) => [idOf(entry), entry]))
  const all = [...new Map([...will, ...was]).values()]
  const order = (entry: ConfigEntry) => entryGroups.indexOf(entry.group)
  const changes = all
    .toSorted((a, b) => order(a) - order(b) || (a.group === 'jvmArguments' && b.group === 'jvmArguments' ? 0 : a.key < b.key ? -1 : 1))
    .map((entry): EntryChange => {
      const [one, other] = [was.get(idOf(entry))?.text ?? null, will.get(idOf(entry))?.text ?? null]
      const change = one === null ? 'added' : other === null ? 'removed' : one === other ? 'same' : 'changed'
      return { group: entry.group, key: entry.key, change, before: one, after: other }
    })
  return isReordered(before, after) ? [...changes, orderChange(before, after)] : changes
}

/** The same arguments in another order are another configuration: Java obeys the last. */
function isReordered(before: ConfigDocument | undefined, after: ConfigDocument): before is ConfigDocument {
  if (!before) return false
  const [left, right] = [before.jvmArguments, after.jvmArguments]
  return left.join('\n') !== right.join('\n') && left.toSorted().join('\n') === right.toSorted().join('\n')
}

function orderChange(before: ConfigDocument, after: ConfigDocument): EntryChange {
  return {
    group: 'jvmArguments',
    key: 'order of the JVM arguments',
    change: 'changed',
    before: before.jvmArguments.join(' '),
    after: after.jvmArguments.join(' '),
  }
}
