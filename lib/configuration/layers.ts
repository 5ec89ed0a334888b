// Three layers make the configuration of a place: the application's defaults, the environment's, and the place's own.
import { configDocumentSchema, defaultConfig, type ConfigDocument, type LayerDocument } from '#lib/configuration/config-document'
import { entriesOf, type ConfigEntry } from '#lib/configuration/entries'

/** From the farthest to the nearest; `built_in` is what Caisson itself says. */
export const layerNames = ['application', 'environment', 'place'] as const
export type LayerName = (typeof layerNames)[number]
export type Source = LayerName | 'built_in'

export type Layers = Partial<Record<LayerName, LayerDocument>>

/** An effective value, the layer that it comes from, and what the farther layers said. */
export interface EffectiveEntry extends ConfigEntry {
  from: Source
  overrides: { from: Source; text: string }[]
}

/**
 * The effective configuration. A nearer layer wins key by key, also across groups: a variable of the place takes the place of a
 * flag of that name from the defaults. JVM arguments of all layers are kept, farther ones first, because Java obeys the last.
 */
export function mergeLayers(layers: Layers): ConfigDocument {
  let merged: ConfigDocument = defaultConfig
  for (const name of layerNames) {
    const layer = layers[name]
    if (layer) merged = lay(merged, layer)
  }
  return configDocumentSchema.parse(merged)
}

function lay(below: ConfigDocument, layer: LayerDocument): ConfigDocument {
  const said = new Set([layer.connections, layer.flags, layer.variables].flatMap((group) => Object.keys(group)))
  const left = <V>(group: Record<string, V>): Record<string, V> => Object.fromEntries(Object.entries(group).filter(([key]) => !said.has(key)))
  return {
    connections: { ...left(below.connections), ...layer.connections },
    flags: { ...left(below.flags), ...layer.flags },
    variables: { ...left(below.variables), ...layer.variables },
    jvmArguments: [...below.jvmArguments, ...layer.jvmArguments],
    files: { ...below.files, ...layer.files },
    replicas: layer.replicas ?? below.replicas,
    strategy: layer.strategy ?? below.strategy,
  }
}

/** Every effective value with where it comes from. */
export function explainLayers(layers: Layers): EffectiveEntry[] {
  const said = layerNames.map((name) => ({ name, entries: layers[name] ? entriesOf(layers[name]) : [] }))
  return entriesOf(mergeLayers(layers)).map((entry) => {
    if (entry.group === 'jvmArguments') return { ...entry, from: argumentSource(layers, entry.index ?? 0), overrides: [] }
    const saying = said.flatMap(({ name, entries }) =>
      entries.filter((one) => one.key === entry.key && spaceOf(one) === spaceOf(entry)).map(({ text }) => ({ from: name as Source, text })),
    )
    const nearest = saying.at(-1)
    return { ...entry, from: nearest?.from ?? 'built_in', overrides: saying.slice(0, -1).toReversed() }
  })
}

/** Keys of these three groups are one space of names; files and the rest have their own. */
function spaceOf({ group }: ConfigEntry): string {
  return group === 'connections' || group === 'flags' || group === 'variables' ? 'key' : group
}

function argumentSource(layers: Layers, index: number): Source {
  let seen = 0
  for (const name of layerNames) {
    seen += layers[name]?.jvmArguments.length ?? 0
    if (index < seen) return name
  }
  return 'built_in'
}
