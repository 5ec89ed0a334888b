import type { Connection, LayerDocument } from '#lib/configuration/config-document'
import { keyPattern } from '#lib/configuration/key'

export type KeyGroup = 'connections' | 'flags' | 'variables'

export interface KeyRow {
  id: number
  key: string
  /** Of a connection, the name of its secret. */
  value: string
  deliver: Connection['deliver']
}

export interface FileRow {
  id: number
  path: string
  content: string
}

/** A layer as it is typed: rows keep their order, numbers are still text, '' is nothing said. */
export interface LayerDraft extends Record<KeyGroup, KeyRow[]> {
  /** One a line. */
  jvmArguments: string
  files: FileRow[]
  replicas: string
  maxUnavailable: string
  maxSurge: string
}

export function draftOf(layer: LayerDocument): LayerDraft {
  const rows = <V,>(group: Record<string, V>, say: (value: V) => Pick<KeyRow, 'value' | 'deliver'>): KeyRow[] =>
    Object.keys(group)
      .sort()
      .map((key, id) => ({ id, key, ...say(group[key] as V) }))
  return {
    connections: rows(layer.connections, ({ secret, deliver }) => ({ value: secret, deliver })),
    flags: rows(layer.flags, (value) => ({ value: String(value), deliver: 'environment' })),
    variables: rows(layer.variables, (value) => ({ value, deliver: 'environment' })),
    jvmArguments: layer.jvmArguments.join('\n'),
    files: Object.entries(layer.files).map(([path, content], id) => ({ id, path, content })),
    replicas: layer.replicas === undefined ? '' : String(layer.replicas),
    maxUnavailable: layer.strategy === undefined ? '' : String(layer.strategy.maxUnavailable),
    maxSurge: layer.strategy === undefined ? '' : String(layer.strategy.maxSurge),
  }
}

/** What is sent. Rows without a key and empty lines are nothing; what is no number goes as NaN and comes back as a problem of its field. */
export function layerOf(draft: LayerDraft): LayerDocument {
  const group = <V,>(name: KeyGroup, say: (row: KeyRow) => V): Record<string, V> =>
    Object.fromEntries(draft[name].filter(({ key, value }) => key !== '' || value !== '').map((row) => [row.key, say(row)]))
  const { replicas, maxUnavailable, maxSurge } = draft
  return {
    connections: group('connections', ({ value, deliver }) => ({ secret: value, deliver })),
    flags: group('flags', ({ value }) => (value === 'true' || value === 'false' ? value === 'true' : value)),
    variables: group('variables', ({ value }) => value),
    jvmArguments: draft.jvmArguments
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
    files: Object.fromEntries(draft.files.filter(({ path }) => path !== '').map(({ path, content }) => [path, content])),
    ...(replicas === '' ? {} : { replicas: Number(replicas) }),
    ...(maxUnavailable === '' && maxSurge === ''
      ? {}
      : { strategy: { maxUnavailable: Number(maxUnavailable || '0'), maxSurge: Number(maxSurge || '0') } }),
  }
}

/** What keeps a draft from being saved, before the server is asked. */
export function whyNotSaved(draft: LayerDraft): string | undefined {
  const keys = [draft.connections, draft.flags, draft.variables].flat().filter(({ key, value }) => key !== '' || value !== '')
  const odd = keys.find(({ key }) => !keyPattern.test(key))
  if (odd) return odd.key === '' ? 'A row has a value and no key.' : `${odd.key} cannot be a key: letters, digits, _ . and -, no digit first.`
  const twice = keys.find(({ key }, index) => keys.findIndex((one) => one.key === key) !== index)
  if (twice) return `${twice.key} is there twice.`
  const empty = draft.connections.find(({ key, value }) => key !== '' && value === '')
  if (empty) return `${empty.key} names no secret.`
  const path = draft.files.map((file) => file.path).find((one, index, all) => all.indexOf(one) !== index)
  return path === undefined ? undefined : `The file ${path} is there twice.`
}
