import type { ConfigDocument, LayerDocument } from '#lib/configuration/config-document'

/** A document as it is typed: rows keep their order, numbers are still text. */
export interface ConfigDraft {
  variables: { id: number; key: string; value: string }[]
  /** One a line. */
  jvmArguments: string
  replicas: string
  maxUnavailable: string
  maxSurge: string
}

export function draftOf({
  own: { variables, jvmArguments },
  document: { replicas, strategy },
}: {
  own: LayerDocument
  document: ConfigDocument
}): ConfigDraft {
  return {
    variables: Object.entries(variables).map(([key, value], id) => ({ id, key, value })),
    jvmArguments: jvmArguments.join('\n'),
    replicas: String(replicas),
    maxUnavailable: String(strategy.maxUnavailable),
    maxSurge: String(strategy.maxSurge),
  }
}

/** What is sent; groups that are edited elsewhere stay as `base` has them. Rows without a key and empty lines are nothing; what is no number goes as NaN and comes back as a problem of its field. */
export function documentOf(draft: ConfigDraft, { connections, flags, files }: LayerDocument): ConfigDocument {
  const rows = draft.variables.filter(({ key, value }) => key !== '' || value !== '')
  return {
    connections,
    flags,
    files,
    variables: Object.fromEntries(rows.map(({ key, value }) => [key, value])),
    jvmArguments: draft.jvmArguments
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
    replicas: numberOf(draft.replicas),
    strategy: { maxUnavailable: numberOf(draft.maxUnavailable), maxSurge: numberOf(draft.maxSurge) },
  }
}

/** A key that stands in two rows: only one of them could be kept. */
export function doubleKey({ variables }: ConfigDraft): string | undefined {
  const keys = variables.map(({ key }) => key).filter(Boolean)
  return keys.find((key, index) => keys.indexOf(key) !== index)
}

/** Names of what a draft changes: keys, and the other parts. */
export function changesOf(before: LayerDocument, after: ConfigDocument): string[] {
  const keys = new Set([...Object.keys(before.variables), ...Object.keys(after.variables)])
  const changed = [...keys].filter((key) => before.variables[key] !== after.variables[key])
  if (before.jvmArguments.join('\n') !== after.jvmArguments.join('\n')) changed.push('JVM arguments')
  if (before.replicas !== after.replicas) changed.push('replicas')
  const same = before.strategy?.maxSurge === after.strategy.maxSurge && before.strategy.maxUnavailable === after.strategy.maxUnavailable
  return same ? changed : [...changed, 'strategy']
}

function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text)
}
