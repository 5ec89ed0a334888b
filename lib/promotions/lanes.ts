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
  const isNamed = (layers: readonly LayerFacts[], layer: LayerFacts) =>
    layers.some(({ component, name }) => component === layer.component && name === layer.name)
  const arriving = after.map((layer): LayerChange => ({
    ...layer,
    change: isIn(before, layer) ? 'same' : isNamed(before, layer) ? 'changed' : 'added',
  }))
  const leaving = before
    .filter((layer) => !isIn(after, layer) && !isNamed(after, layer))
    .map((layer): LayerChange => ({ ...layer, change: 'removed' }))
  const changed = arriving.filter(({ change }) => change !== 'same')
  return {
    layers: [...arriving, ...leaving],
    changedLayers: changed.length,
    changedBytes: changed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    totalLayers: after.length,
  }
}

/** Keys of two configuration revisions: variables by name, JVM arguments as one list, replicas and strategy. */
export function keyChanges(before: RevisionFacts | undefined, after: RevisionFacts): SheetLanes['configuration'] {
  const left = before ? flatten(before) : new Map<string, string>()
  const right = flatten(after)
  const keys = [...new Set([...left.keys(), ...right.keys()])].sort()
  const changes = keys.flatMap((key): KeyChange[] => {
    const [was, will] = [left.get(key) ?? null, right.get(key) ?? null]
    if (was === will) return []
    return [{ key, change: was === null ? 'added' : will === null ? 'removed' : 'changed', before: was, after: will }]
  })
  return { from: before?.number ?? null, to: after.number, changes, same: keys.length - changes.length }
}

function flatten({ document }: RevisionFacts): Map<string, string> {
  const { variables, jvmArguments, replicas, strategy } = document
  return new Map([
    ...Object.entries(variables),
    ...(jvmArguments.length > 0 ? ([['JVM arguments', jvmArguments.join(' ')]] as const) : []),
    ['replicas', String(replicas)],
    ['strategy', `max unavailable ${strategy.maxUnavailable}, max surge ${strategy.maxSurge}`],
  ])
}
