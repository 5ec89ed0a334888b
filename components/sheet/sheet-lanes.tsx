import type { ReactNode } from 'react'
import { Lane, SheetDiff } from '#components/sheet/sheet-diff'
import { sizeWords } from '#components/sheet/sheet-words'
import { countWords } from '#components/ui/count-words'
import { shortDigest } from '#components/ui/digest'
import type { LayerChange, SheetLanes as Lanes } from '#lib/promotions/sheet'

/** What changes, lane by lane; a lane that stays the same is one quiet line. */
export function SheetLanes({ lanes }: { lanes: Lanes }): ReactNode {
  return (
    <>
      <ArtifactLane artifact={lanes.artifact} />
      <ConfigurationLane configuration={lanes.configuration} />
      <SecretsLane secrets={lanes.secrets} />
      <ManifestsLane manifests={lanes.manifests} />
      <EvidenceLane evidence={lanes.evidence} />
    </>
  )
}

function ArtifactLane({ artifact }: { artifact: Lanes['artifact'] }): ReactNode {
  const changed = artifact.layers.filter(({ change }) => change !== 'same')
  if (changed.length === 0) return <Lane title="Artifact" same={`the same image, ${countWords(artifact.totalLayers, 'layer')}`} />
  const same = artifact.totalLayers - artifact.changedLayers
  const isManyComponents = new Set(artifact.layers.map(({ component }) => component)).size > 1
  return (
    <Lane
      title="Artifact"
      aside={`${artifact.changedLayers} of ${countWords(artifact.totalLayers, 'layer')} ${artifact.changedLayers === 1 ? 'changes' : 'change'}, ${sizeWords(artifact.changedBytes)}`}
    >
      <SheetDiff
        rows={changed.map((layer) => ({
          key: `${layer.component} ${layer.name} ${layer.digest} ${layer.change}`,
          change: layer.change === 'same' ? 'changed' : layer.change,
          name: isManyComponents ? `${layer.component}: ${layer.name}` : layer.name,
          before: beforeWords(layer),
          after: layer.change === 'removed' ? 'gone' : <DigestAfter layer={layer} />,
        }))}
      />
      {same > 0 && <p className="mt-1 px-3 text-sm text-ink-3">= {countWords(same, 'layer')} the same</p>}
    </Lane>
  )
}

function beforeWords(layer: LayerChange): ReactNode {
  if (layer.before === null) return 'not there'
  return (
    <s title={layer.before} className="font-mono">
      {shortDigest(layer.before)}
    </s>
  )
}

function DigestAfter({ layer }: { layer: LayerChange }): ReactNode {
  return (
    <span title={layer.digest} className="tabular-nums">
      <span className="font-mono">{shortDigest(layer.digest)}</span> <span className="text-ink-3">{sizeWords(layer.sizeBytes)}</span>
    </span>
  )
}

function ConfigurationLane({ configuration }: { configuration: Lanes['configuration'] }): ReactNode {
  const { from, to, changes, same } = configuration
  if (changes.length === 0) return <Lane title="Configuration" same={`r${to}${from === null || from === to ? '' : ` says what r${from} said`}`} />
  return (
    <Lane title={from === null ? `Configuration r${to}` : `Configuration r${from} → r${to}`} aside={countWords(changes.length, 'key')}>
      <SheetDiff
        rows={changes.map(({ key, change, before, after }) => ({
          key,
          change,
          name: <span className="font-mono">{key}</span>,
          before: before === null ? 'not set' : <s className="font-mono">{before}</s>,
          after: after === null ? 'not set' : <span className="font-mono">{after}</span>,
        }))}
      />
      {same > 0 && <p className="mt-1 px-3 text-sm text-ink-3">= {countWords(same, 'key')} the same</p>}
    </Lane>
  )
}

function SecretsLane({ secrets }: { secrets: Lanes['secrets'] }): ReactNode {
  const changed = secrets.filter(({ before, after }) => before !== after)
  if (changed.length === 0) return <Lane title="Secrets" same={secrets.length === 0 ? 'none' : countWords(secrets.length, 'version')} />
  return (
    <Lane title="Secrets" aside={countWords(changed.length, 'secret')}>
      <SheetDiff
        rows={changed.map(({ name, before, after }) => ({
          key: name,
          change: before === null ? 'added' : after === null ? 'removed' : 'changed',
          name: <span className="font-mono">{name}</span>,
          before: before ?? 'not set',
          after: after ?? 'not set',
        }))}
      />
    </Lane>
  )
}

function ManifestsLane({ manifests: { before, digest, isChanged } }: { manifests: Lanes['manifests'] }): ReactNode {
  if (!isChanged) return <Lane title="Manifests" same={<span className="font-mono">{shortDigest(digest)}</span>} />
  return (
    <Lane title="Manifests" aside={before === null ? 'first ones here' : 'rendered anew'}>
      <SheetDiff
        rows={[
          {
            key: digest,
            change: before === null ? 'added' : 'changed',
            name: 'what the runtime is given',
            before: before === null ? 'nothing' : <s className="font-mono">{shortDigest(before)}</s>,
            after: (
              <span className="font-mono" title={digest}>
                {shortDigest(digest)}
              </span>
            ),
          },
        ]}
      />
    </Lane>
  )
}

function EvidenceLane({ evidence }: { evidence: Lanes['evidence'] }): ReactNode {
  if (evidence.length === 0) return <Lane title="Evidence" same="none is asked for" />
  return (
    <Lane title="Evidence" aside={countWords(evidence.length, 'item')}>
      <ul className="divide-y rounded-2 border text-sm">
        {evidence.map(({ item, status, reason }) => (
          <li key={item} className="flex flex-wrap justify-between gap-x-3 px-3 py-1.5">
            <span>{item}</span>
            <span className="text-ink-2">
              {status}
              {reason && <span className="text-ink-3">: {reason}</span>}
            </span>
          </li>
        ))}
      </ul>
    </Lane>
  )
}
