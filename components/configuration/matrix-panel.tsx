'use client'
import { Equal, EqualNot } from 'lucide-react'
import { parseAsBoolean, useQueryState } from 'nuqs'
import type { ReactNode } from 'react'
import { keyColumn, Value } from '#components/configuration/effective-values'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { Checkbox } from '#components/ui/checkbox'
import { DataTable } from '#components/ui/data-table'
import { EmptyState } from '#components/ui/empty-state'
import { Loaded } from '#components/ui/loaded'
import { Status } from '#components/ui/status'
import type { MatrixView } from '#lib/configuration/revision'

/** Every key of an application by environment, as the newest revisions say it. */
export function MatrixPanel({ tenant, application }: { tenant: string; application: string }): ReactNode {
  const [onlyOther, setOnlyOther] = useQueryState('differs', parseAsBoolean.withDefault(false))
  const matrix = useApi<MatrixView>(
    tenantKey(tenant, 'board', 'config-matrix', application),
    tenantPath(tenant, 'applications', application, 'configuration', 'matrix'),
  )
  return (
    <Loaded query={matrix} label="Loading the matrix">
      {({ environments, rows }) => {
        const shown = onlyOther ? rows.filter(({ isSame }) => !isSame) : rows
        return (
          <div className="grid gap-3">
            <Checkbox label="Only keys that differ" checked={onlyOther} onChange={(event) => void setOnlyOther(event.target.checked)} />
            <DataTable
              caption={`Configuration of ${application} by environment`}
              rows={shown}
              rowKey={({ group, key }) => `${group} ${key}`}
              empty={<EmptyState title="Nothing differs">Every key says the same everywhere.</EmptyState>}
              columns={[
                keyColumn,
                {
                  key: 'same',
                  head: 'Across',
                  cell: ({ isSame }) => (
                    <Status tone={isSame ? 'off' : 'wait'} icon={isSame ? Equal : EqualNot} plain>
                      {isSame ? 'same' : 'differs'}
                    </Status>
                  ),
                },
                ...environments.map(({ slug, revision }, index) => ({
                  key: slug,
                  head: `${slug} r${revision}`,
                  cell: ({ cells }: MatrixView['rows'][number]) => <Value text={cells[index] ?? null} />,
                })),
              ]}
            />
          </div>
        )
      }}
    </Loaded>
  )
}
