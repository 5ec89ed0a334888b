'use client'
import { Tabs as Base } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'

interface Tab<V extends string> {
  value: V
  label: ReactNode
  /** How many are in it. */
  count?: number | undefined
  panel: ReactNode
}

interface TabsProps<V extends string> {
  /** What the tabs choose between, for screen readers. */
  label: string
  tabs: readonly Tab<V>[]
  value: V
  /** Keep it in the address, so that it can be shared. */
  onChange: (value: V) => void
}

export function Tabs<V extends string>({ label, tabs, value, onChange }: TabsProps<V>): ReactNode {
  return (
    <Base.Root value={value} onValueChange={(next: V) => onChange(next)}>
      <Base.List aria-label={label} activateOnFocus className="mb-4 flex gap-4 overflow-x-auto border-b">
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className="-mb-px flex items-center gap-1.5 border-b-2 border-transparent py-2 whitespace-nowrap text-ink-2 transition-colors duration-(--quick) hover:text-ink focus-visible:-outline-offset-2 data-active:border-accent data-active:font-[550] data-active:text-ink"
          >
            {tab.label}
            {tab.count !== undefined && <span className="rounded-full bg-off-soft px-1.5 text-xs text-ink-2 tabular-nums">{tab.count}</span>}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel key={tab.value} value={tab.value}>
          {tab.panel}
        </Base.Panel>
      ))}
    </Base.Root>
  )
}
