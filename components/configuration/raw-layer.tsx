'use client'
import { useState, type ReactNode } from 'react'
import { Textarea } from '#components/ui/textarea'
import type { LayerDocument } from '#lib/configuration/config-document'

interface RawLayerProps {
  document: LayerDocument
  isReadOnly: boolean
  onChange: (document: LayerDocument) => void
  /** What keeps the text from being read; undefined when it can be. */
  onWrong: (words: string | undefined) => void
}

const groups = ['connections', 'flags', 'variables', 'files'] as const

/** The same layer as JSON, for what is pasted or compared elsewhere. What cannot be read is not taken over. */
export function RawLayer({ document, isReadOnly, onChange, onWrong }: RawLayerProps): ReactNode {
  const [text, setText] = useState(() => JSON.stringify(document, null, 2))
  const [wrong, setWrong] = useState('')
  const change = (next: string): void => {
    setText(next)
    const read = readLayer(next)
    setWrong(typeof read === 'string' ? read : '')
    onWrong(typeof read === 'string' ? read : undefined)
    if (typeof read !== 'string') onChange(read)
  }
  return (
    <Textarea
      label="The layer as JSON"
      hint={wrong === '' ? 'The rows follow what stands here.' : 'The rows keep what could be read last.'}
      isMono
      rows={Math.min(28, text.split('\n').length + 1)}
      spellCheck={false}
      readOnly={isReadOnly}
      value={text}
      onChange={(event) => change(event.target.value)}
      error={wrong === '' ? undefined : wrong}
    />
  )
}

/** The shape that rows can show; the server judges the rest. Else what is wrong, in words. */
function readLayer(text: string): LayerDocument | string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'This is not JSON yet.'
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'It is one JSON object.'
  const layer = value as Partial<LayerDocument> & Record<string, unknown>
  const odd = groups.find((group) => layer[group] !== undefined && (typeof layer[group] !== 'object' || Array.isArray(layer[group])))
  if (odd) return `${odd} is an object.`
  if (layer.jvmArguments !== undefined && !(Array.isArray(layer.jvmArguments) && layer.jvmArguments.every((one) => typeof one === 'string')))
    return 'jvmArguments is a list of texts.'
  if (Object.values(layer.variables ?? {}).some((one) => typeof one !== 'string')) return 'Values of variables are texts.'
  if (Object.values(layer.files ?? {}).some((one) => typeof one !== 'string')) return 'Contents of files are texts.'
  if (Object.values(layer.connections ?? {}).some((one) => typeof one !== 'object' || typeof one?.secret !== 'string'))
    return 'A connection is {"secret": "NAME"}; its value never stands here.'
  return {
    connections: Object.fromEntries(
      Object.entries(layer.connections ?? {}).map(([key, { secret, deliver }]) => [
        key,
        { secret, deliver: deliver === 'file' ? 'file' : 'environment' },
      ]),
    ),
    flags: layer.flags ?? {},
    variables: layer.variables ?? {},
    jvmArguments: layer.jvmArguments ?? [],
    files: layer.files ?? {},
    ...(typeof layer.replicas === 'number' ? { replicas: layer.replicas } : {}),
    ...(typeof layer.strategy === 'object' ? { strategy: layer.strategy } : {}),
  }
}
