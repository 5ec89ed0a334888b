import { Button } from '#components/ui/button'
import type { Column } from '#components/ui/data-table'
import { RelativeTime } from '#components/ui/relative-time'
import type { ApplicationView, ComponentView } from '#lib/tenants/application'
import type { ComponentSpec } from '#lib/tenants/component-spec'

export interface ComponentRow {
  application: ApplicationView
  component: ComponentView
}

/** What the table of applications shows, a row for each component. */
export function componentColumns(onEdit: (row: ComponentRow) => void): Column<ComponentRow>[] {
  return [
    {
      key: 'name',
      head: 'Application',
      isName: true,
      cell: ({ application }) => (
        <>
          {application.slug} <span className="font-normal text-ink-3">{application.name === application.slug ? '' : application.name}</span>
        </>
      ),
    },
    { key: 'component', head: 'Component', cell: ({ component }) => component.name },
    {
      key: 'ready',
      head: 'Ready when',
      cell: ({ component }) => (component.isWritten ? readyWords(component.spec) : <span className="text-ink-3">the first upload suggests it</span>),
    },
    {
      key: 'stop',
      head: 'Time to stop',
      cell: ({ component }) => `${component.spec.stopTimeoutMs / 1000} s`,
    },
    { key: 'created', head: 'Created', cell: ({ application }) => <RelativeTime at={application.createdAt} /> },
    {
      key: 'act',
      head: <span className="sr-only">Acts</span>,
      align: 'end',
      cell: (row) => (
        <Button size="sm" aria-label={`Default spec of ${row.application.slug}/${row.component.name}`} onClick={() => onEdit(row)}>
          Default spec
        </Button>
      ),
    },
  ]
}

function readyWords({ readiness }: ComponentSpec): string {
  return readiness.kind === 'http' ? `${readiness.path} answers` : 'the port is open'
}
