import type { ReactNode } from 'react'
import { Bytes, byteWords } from '#components/ui/bytes'
import { DataTable, type Column } from '#components/ui/data-table'
import { Digest } from '#components/ui/digest'
import { faceOf } from '#components/ui/digest-mark'
import { EmptyState } from '#components/ui/empty-state'
import { Section } from '#components/ui/section'
import type { LayerSummary } from '#lib/releases/release'

/** The layers of an image, lowest first, with the share that each has of its bytes. */
export function LayersTable({ title, layers }: { title: string; layers: readonly LayerSummary[] }): ReactNode {
  const total = layers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  return (
    <Section title={title} aside={`${layers.length === 1 ? '1 layer' : `${layers.length} layers`}, ${byteWords(total)}`}>
      {layers.length > 0 && <ShareBar layers={layers} total={total} />}
      <DataTable
        caption={title}
        columns={columnsFor(total)}
        rows={layers}
        rowKey={({ digest, name }) => `${digest} ${name}`}
        empty={<EmptyState title="No layer is known">The image was pushed, and its manifest was not read.</EmptyState>}
      />
    </Section>
  )
}

/** Decorative: the table under it says the same in numbers. Layers have the colour of their digest's face, the base is grey. */
function ShareBar({ layers, total }: { layers: readonly LayerSummary[]; total: number }): ReactNode {
  return (
    <div aria-hidden className="mb-2 flex h-2 gap-px overflow-hidden rounded-full">
      {layers.map((layer) => (
        <span
          key={`${layer.digest} ${layer.name}`}
          title={`${layer.name}: ${byteWords(layer.sizeBytes)}`}
          className="min-w-0.5 bg-off"
          style={{ flexGrow: total === 0 ? 1 : layer.sizeBytes, ...(layer.isFromBase ? {} : { background: colourOf(layer.digest) }) }}
        />
      ))}
    </div>
  )
}

function colourOf(digest: string): string {
  return `oklch(.62 .13 ${faceOf(digest)?.hue ?? 0})`
}

function columnsFor(total: number): Column<LayerSummary>[] {
  return [
    { key: 'name', head: 'Layer', isName: true, cell: ({ name }) => name },
    { key: 'digest', head: 'Digest', cell: ({ digest }) => <Digest digest={digest} isCopied /> },
    { key: 'from', head: 'From', cell: ({ isFromBase }) => (isFromBase ? 'the base image' : 'the JAR') },
    {
      key: 'entries',
      head: 'Files',
      align: 'end',
      cell: ({ entries, isFromBase }) => (isFromBase ? <span className="text-ink-3">not opened</span> : entries.toLocaleString('en')),
    },
    { key: 'size', head: 'Size', align: 'end', cell: ({ sizeBytes }) => <Bytes count={sizeBytes} /> },
    { key: 'share', head: 'Share', align: 'end', cell: ({ sizeBytes }) => shareWords(sizeBytes, total) },
  ]
}

function shareWords(part: number, total: number): string {
  const percent = total === 0 ? 0 : (part / total) * 100
  return percent > 0 && percent < 1 ? 'under 1 %' : `${Math.round(percent)} %`
}
