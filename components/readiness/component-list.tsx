import type { ReactNode } from 'react'
import { componentLooks, conditionWords, whySentence } from '#components/readiness/readiness-words'
import { DataTable, type Column } from '#components/ui/data-table'
import { Digest } from '#components/ui/digest'
import { Status } from '#components/ui/status'
import type { ComponentReadiness } from '#lib/readiness/component-readiness'

/** The components in the order in which they start, each with what it waits for. */
export function ComponentList({ components }: { components: readonly ComponentReadiness[] }): ReactNode {
  const hasOrder = components.some(({ wave }) => wave > 0)
  return (
    <DataTable
      caption="Components in start order"
      columns={hasOrder ? [order, ...columns, after(components)] : columns}
      rows={components}
      rowKey={({ name }) => name}
    />
  )
}

const order: Column<ComponentReadiness> = { key: 'wave', head: 'Starts', cell: ({ wave }) => ordinals[wave] ?? `${wave + 1}th` }
const ordinals = ['1st', '2nd', '3rd']

const columns: Column<ComponentReadiness>[] = [
  { key: 'name', head: 'Component', isName: true, cell: ({ name }) => <span className="font-mono">{name}</span> },
  {
    key: 'state',
    head: 'State',
    cell: ({ state }) => {
      const { tone, words, icon } = componentLooks[state]
      return (
        <Status tone={tone} icon={icon}>
          {words}
        </Status>
      )
    },
  },
  { key: 'ready', head: 'Ready', cell: ({ ready, wanted, state }) => (state === 'completed' ? 'done' : `${ready} of ${wanted}`) },
  { key: 'digest', head: 'Promised digest', cell: ({ digest }) => <Digest digest={digest} isCopied /> },
  {
    key: 'why',
    head: 'Because',
    cell: (component) => {
      const why = whySentence(component)
      return why === '' ? <span className="text-ink-3">as promised</span> : why
    },
  },
]

function after(all: readonly ComponentReadiness[]): Column<ComponentReadiness> {
  return {
    key: 'after',
    head: 'Starts after',
    cell: ({ dependsOn }) => {
      if (dependsOn.length === 0) return <span className="text-ink-3">nothing</span>
      const words = dependsOn.map(({ component, condition }) =>
        all.some(({ name }) => name === component) ? `${component} ${conditionWords[condition]}` : `${component}, which is not in this release`,
      )
      return words.join('; ')
    },
  }
}
