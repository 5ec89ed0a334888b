'use client'
import type { ReactNode } from 'react'
import { Value } from '#components/configuration/effective-values'
import { useConfiguration } from '#components/configuration/use-configuration'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { SheetDiff } from '#components/sheet/sheet-diff'
import { EmptyState } from '#components/ui/empty-state'
import { Loaded } from '#components/ui/loaded'
import type { RevisionDiffView } from '#lib/configuration/revision'

interface RevisionDiffProps {
  tenant: string
  application: string
  environment: string
  from: number
  /** The newest one of the other environment when absent. */
  to: number | undefined
  toEnvironment: string
}

/** Two revisions side by side, key by key. */
export function RevisionDiff({ tenant, application, environment, from, to, toEnvironment }: RevisionDiffProps): ReactNode {
  const other = useConfiguration(tenant, application, to === undefined ? toEnvironment : '')
  const until = to ?? other.data?.newest.number
  const diff = useApi<RevisionDiffView>(
    tenantKey(tenant, 'board', 'config-diff', application, environment, from, until, toEnvironment),
    tenantPath(tenant, 'applications', application, 'configuration', 'diff'),
    { query: { environment, from, to: until, ...(toEnvironment === environment ? {} : { toEnvironment }) }, isEnabled: until !== undefined },
  )
  return (
    <Loaded query={diff} label="Comparing">
      {(view) =>
        view.changes.length === 0 ? (
          <EmptyState title="The same">
            {nameOf(view.from)} and {nameOf(view.to)} say the same, {view.same} values.
          </EmptyState>
        ) : (
          <div className="grid gap-1.5">
            <p className="text-sm text-ink-3">
              {nameOf(view.from)} → {nameOf(view.to)}: {view.changes.length} {view.changes.length === 1 ? 'value differs' : 'values differ'},{' '}
              {view.same} the same
            </p>
            <SheetDiff
              rows={view.changes.map(({ group, key, change, before, after }) => ({
                key: `${group} ${key}`,
                change: change === 'same' ? 'changed' : change,
                name: <code className="font-mono">{key}</code>,
                before: <Value text={before} />,
                after: <Value text={after} />,
              }))}
            />
          </div>
        )
      }
    </Loaded>
  )
}

function nameOf({ environment, number }: { environment: string; number: number }): string {
  return `${environment} r${number}`
}
