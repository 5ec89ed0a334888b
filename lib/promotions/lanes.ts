import { compareEntries, type EntryGroup } from '#lib/configuration/entries'
import type { PlannedSecret } from '#lib/configuration/secret'
import type { KeyChange, LayerChange, SheetLanes } from '#lib/promotions/sheet'
import type { RevisionFacts } from '#lib/promotions/situation'

export interface LayerFacts {
  component: string
  name: string
  digest: string
  sizeBytes: number
}

/** Layers of what runs against those of what would: the same digest is the same bytes, whatever the name. */
export function layerChanges(before: readonly LayerFacts[], after: readonly LayerFacts[]): SheetLanes['artifact'] {
  const isIn = (layers: readonly LayerFacts[], layer: LayerFacts) =>
    layers.some(({ component, digest }) => component === layer.component && digest === layer.digest)
  const namesake = (layers: readonly LayerFacts[], layer: LayerFacts) =>
    layers.find(({ component, name }) => component === layer.component && name === layer.name)
  const arriving = after.map((layer): LayerChange => {
    if (isIn(before, layer)) return { ...layer, change: 'same', before: null }
    const replaced = namesake(before, layer)
    return { ...layer, change: replaced ? 'changed' : 'added', before: replaced?.digest ?? null }
  })
  const leaving = before
    .filter((layer) => !isIn(after, layer) && !namesake(after, layer))
    .map((layer): LayerChange => ({ ...layer, change: 'removed', before: layer.digest }))
  const changed = arriving.filter(({ change }) => change !== 'same')
  return {
    layers: [...arriving, ...leaving],
    changedLayers: changed.length,
    changedBytes: changed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    totalLayers: after.length,
  }
}

/** Keys of two configuration revisions that differ, by group. Of a file, its size stands for its content. */
export function keyChanges(before: RevisionFacts | undefined, after: RevisionFacts): SheetLanes['configuration'] {
  const all = compareEntries(before?.document, after.document)
  const changes = all.flatMap(({ group, key, change, before: was, after: will }): KeyChange[] =>
    change === 'same' ? [] : [{ group, key, change, before: say(group, was), after: say(group, will) }],
  )
  return { from: before?.number ?? null, to: after.number, changes, same: all.length - changes.length }
}

function say(group: EntryGroup, text: string | null): string | null {
  if (text === null || group !== 'files') return text
  return `${text.length} characters, ${text.split('\n').length} lines`
}

/** Versions of secrets by name; a plan never holds more of one. */
export function secretChanges(
  before: readonly PlannedSecret[],
  after: readonly PlannedSecret[],
  numbers: ReadonlyMap<string, number>,
): SheetLanes['secrets'] {
  const names = [...new Set([...before, ...after].map(({ name }) => name))].sort()
  const version = (all: readonly PlannedSecret[], name: string) => {
    const one = all.find((secret) => secret.name === name)
    return one ? `v${numbers.get(one.versionId) ?? '?'}` : null
  }
  return names.map((name) => ({ name, before: version(before, name), after: version(after, name) }))
}
