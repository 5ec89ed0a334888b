import type { ReactNode } from 'react'
import { DataTable, type Column } from '#components/ui/data-table'
import { EmptyState } from '#components/ui/empty-state'
import { Section } from '#components/ui/section'
import { groupWords, type EntryChange } from '#lib/configuration/entries'
import type { EffectiveEntry, Source } from '#lib/configuration/layers'

interface EffectiveValuesProps {
  entries: readonly EffectiveEntry[]
  revision: number
  application: string
  environment: string
}

/** What counts, key by key, and the layer that says it. */
export function EffectiveValues({ entries, revision, application, environment }: EffectiveValuesProps): ReactNode {
  const from: Record<Source, string> = {
    place: 'this place',
    environment: `defaults of ${environment}`,
    application: `defaults of ${application}`,
    built_in: 'built in',
  }
  return (
    <Section title="What counts" aside={`r${revision}, all layers together`}>
      <DataTable
        caption={`Effective configuration of ${application} in ${environment}`}
        rows={entries}
        rowKey={({ group, key }) => `${group} ${key}`}
        empty={<EmptyState title="Nothing is set">It runs with what its release says.</EmptyState>}
        columns={[
          keyColumn,
          { key: 'value', head: 'Value', cell: ({ text }) => <Value text={text} /> },
          {
            key: 'from',
            head: 'From',
            cell: ({ from: source, overrides }) => (
              <>
                <span className="sm:whitespace-nowrap">{from[source]}</span>
                {overrides.map((one) => (
                  <span key={one.from} className="block text-sm text-ink-3">
                    over {from[one.from]}: <s className="font-mono wrap-anywhere">{clip(one.text)}</s>
                  </span>
                ))}
              </>
            ),
          },
        ]}
      />
    </Section>
  )
}

/** What a table of configuration is by: the key, and what kind of key it is. */
export const keyColumn: Column<Pick<EntryChange, 'key' | 'group'>> = {
  key: 'key',
  head: 'Key',
  isName: true,
  cell: ({ key, group }) => (
    <>
      <code className="font-mono wrap-anywhere">{key}</code>
      <span className="block text-sm font-normal text-ink-3">{groupWords[group]}</span>
    </>
  ),
}

/** A short text, or the start of a long one with its size. */
export function Value({ text }: { text: string | null }): ReactNode {
  if (text === null) return <span className="text-ink-3">not set</span>
  if (text === '') return <span className="text-ink-3">empty</span>
  const lines = text.split('\n').length
  return (
    <span title={text.length > 80 ? text.slice(0, 2000) : undefined}>
      <code className="font-mono wrap-anywhere">{clip(text)}</code>
      {lines > 1 && <span className="ml-1.5 text-sm whitespace-nowrap text-ink-3">{lines} lines</span>}
    </span>
  )
}

function clip(text: string): string {
  const line = text.split('\n', 1)[0] ?? ''
  return line.length > 80 ? `${line.slice(0, 79)}…` : line
}
