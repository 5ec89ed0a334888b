import { FileText } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { ExceptionMark } from '#components/desk/desk-words'
import { kindWords, PromotionStatus } from '#components/promotion/promotion-words'
import { DataTable, type Column } from '#components/ui/data-table'
import { DigestMark } from '#components/ui/digest-mark'
import { LinkButton } from '#components/ui/link-button'
import { RelativeTime } from '#components/ui/relative-time'
import { StatusIcon } from '#components/ui/status'
import type { ChangeView, Duty } from '#lib/kits/desk'
import type { PersonView } from '#lib/promotions/promotion'

/** What reached an environment, with a column for each duty: a person who holds two of them is marked in both. */
export function ChangeTable({ tenant, changes, empty }: { tenant: string; changes: readonly ChangeView[]; empty: ReactNode }): ReactNode {
  const columns: readonly Column<ChangeView>[] = [
    { key: 'what', head: 'Change', isName: true, cell: (change) => <What tenant={tenant} change={change} /> },
    { key: 'state', head: 'State', cell: ({ state }) => <PromotionStatus state={state} /> },
    { key: 'when', head: 'Went', cell: ({ claimedAt }) => <RelativeTime at={claimedAt} /> },
    { key: 'uploaded', head: 'Uploaded by', cell: (change) => <Holders change={change} duty="uploaded" people={change.uploadedBy} /> },
    { key: 'requested', head: 'Requested by', cell: (change) => <Holders change={change} duty="requested" people={[change.requestedBy]} /> },
    {
      key: 'approved',
      head: 'Approved by',
      cell: (change) => <Holders change={change} duty="approved" people={change.approvals.map(({ by }) => by)} />,
    },
    {
      key: 'deployed',
      head: 'Deployed by',
      cell: (change) => <Holders change={change} duty="deployed" people={change.deployedBy ? [change.deployedBy] : []} />,
    },
    {
      key: 'exceptions',
      head: 'Exceptions',
      cell: ({ exceptions }) => (
        <span className="flex flex-wrap gap-1">
          {exceptions.length === 0 && <span className="text-ink-3">none</span>}
          {exceptions.map((exception, index) => (
            <ExceptionMark key={`${exception.code} ${index}`} exception={exception} />
          ))}
        </span>
      ),
    },
    {
      key: 'dossier',
      head: <span className="sr-only">Dossier</span>,
      align: 'end',
      cell: ({ application, release }) => (
        <LinkButton
          size="sm"
          icon={FileText}
          href={`/t/${tenant}/desk/${application.slug}/${release}`}
          aria-label={`Dossier of ${application.slug} ${release}`}
        >
          Dossier
        </LinkButton>
      ),
    },
  ]
  return <DataTable caption="What reached the environments, newest first" columns={columns} rows={changes} rowKey={({ id }) => id} empty={empty} />
}

function What({ tenant, change: { id, kind, application, release, environment, digest } }: { tenant: string; change: ChangeView }): ReactNode {
  return (
    <span className="flex items-center gap-2">
      {digest && <DigestMark digest={digest} size={16} />}
      <span className="min-w-0">
        <Link href={`/t/${tenant}/promotions/${id}`} className="underline underline-offset-2">
          {application.slug} {release} → {environment.slug}
        </Link>
        <span className="block text-sm font-normal text-ink-3">{kindWords[kind]}</span>
      </span>
    </span>
  )
}

function Holders({ change, duty, people }: { change: ChangeView; duty: Duty; people: readonly PersonView[] }): ReactNode {
  if (people.length === 0) return <span className="text-ink-3">nobody</span>
  return (
    <span className="grid gap-0.5">
      {people.map((person) => {
        const conflict = change.conflicts.find((one) => one.person.id === person.id && one.duties.includes(duty))
        return (
          <span key={person.id} className="inline-flex items-center gap-1 whitespace-nowrap">
            {conflict && <StatusIcon tone="wait" />}
            {nameOf(person)}
            {conflict && (
              <span className="sr-only">
                {' '}
                holds {conflict.duties.length} duties: {conflict.duties.join(', ')}
              </span>
            )}
          </span>
        )
      })}
    </span>
  )
}

/** Machines have ids like `system:worker`. */
function nameOf({ id, name }: PersonView): string {
  return id.startsWith('system:') ? `Caisson (${id.slice('system:'.length)})` : name
}
