import type { ReactNode } from 'react'
import { ChangeList } from '#components/promotion/change-list'
import { byteWords } from '#components/ui/bytes'
import { countWords } from '#components/ui/count-words'
import { Digest } from '#components/ui/digest'
import { Section } from '#components/ui/section'
import type { SheetLanes } from '#lib/promotions/sheet'

/** Keys of the overlay, before and after. */
export function ConfigurationChanges({ configuration }: { configuration: SheetLanes['configuration'] }): ReactNode {
  const { from, to, changes, same } = configuration
  const title = from === null || from === to ? `Configuration r${to}` : `Configuration r${from} → r${to}`
  return (
    <Section title={title} aside={`${countWords(changes.length, 'key')} ${changes.length === 1 ? 'changes' : 'change'}, ${same} the same`}>
      {changes.length === 0 ? (
        <p className="text-ink-3">Every key keeps its value.</p>
      ) : (
        <ChangeList
          label="Keys that change"
          rows={changes.map(({ key, change, before, after }) => ({
            key,
            change,
            what: <code className="font-mono text-sm break-all">{key}</code>,
            before: <Value value={before} />,
            after: <Value value={after} />,
          }))}
        />
      )}
    </Section>
  )
}

function Value({ value }: { value: string | null }): ReactNode {
  return value === null ? <span className="text-ink-3">not set</span> : <code className="font-mono text-sm">{value}</code>
}

/** Layers of the images that differ. */
export function ArtifactChanges({ artifact }: { artifact: SheetLanes['artifact'] }): ReactNode {
  const { layers, changedLayers, changedBytes, totalLayers } = artifact
  const shown = layers.filter(({ change }) => change !== 'same')
  return (
    <Section
      title="Artifact"
      aside={`${changedLayers} of ${countWords(totalLayers, 'layer')} ${changedLayers === 1 ? 'changes' : 'change'}, ${byteWords(changedBytes)}`}
    >
      {shown.length === 0 ? (
        <p className="text-ink-3">Every layer stays the same.</p>
      ) : (
        <ChangeList
          label="Layers that change"
          rows={shown.map((layer) => ({
            key: `${layer.component} ${layer.name} ${layer.digest}`,
            change: layer.change,
            what: layer.name,
            before: layer.before === null ? 'not there' : <Digest digest={layer.before} isMarked={false} />,
            after: layer.change === 'removed' ? 'gone' : <Digest digest={layer.digest} isMarked={false} />,
          }))}
        />
      )}
    </Section>
  )
}
