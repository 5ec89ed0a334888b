'use client'
import { clsx } from 'clsx'
import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { EntryDetails } from '#components/audit/entry-details'
import { actionWords } from '#lib/audit/action-words'
import { OutcomeMark } from '#components/audit/outcome-mark'
import { RelativeTime } from '#components/ui/relative-time'
import type { EntryView } from '#lib/audit/entry'

interface EntryListProps {
  tenant: string
  entries: readonly EntryView[]
  /** How many entries the newest checkpoint signs: those can be proved. */
  signed: number
  openId: string
  onOpen: (id: string) => void
}

const grid = 'sm:grid sm:grid-cols-[16px_104px_86px_minmax(0,1.3fr)_minmax(0,1fr)_minmax(0,1fr)_64px] sm:items-baseline sm:gap-x-3'

/** The entries of a page, newest first; each unfolds to all that was sealed of it. */
export function EntryList({ tenant, entries, signed, openId, onOpen }: EntryListProps): ReactNode {
  return (
    <div className="overflow-hidden rounded-3 border bg-surface">
      <div aria-hidden className={clsx('hidden bg-sunken px-3.5 py-2 text-sm font-[550] text-ink-2 sm:border-b', grid)}>
        <span />
        <span>When</span>
        <span>Outcome</span>
        <span>Action</span>
        <span>Subject</span>
        <span>Done by</span>
        <span className="text-right">Place</span>
      </div>
      <ol aria-label="Entries, newest first">
        {entries.map((entry) => (
          <li key={entry.id} className={clsx('border-b last:border-b-0', entry.outcome === 'denied' && 'shadow-[inset_2px_0_0_var(--bad)]')}>
            <EntryRow entry={entry} isOpen={entry.id === openId} onToggle={() => onOpen(entry.id === openId ? '' : entry.id)} />
            {entry.id === openId && (
              <div id={`entry-${entry.id}`}>
                <EntryDetails tenant={tenant} entry={entry} isSigned={entry.seq !== null && entry.seq < signed} />
              </div>
            )}
          </li>
        ))}
      </ol>
    </div>
  )
}

function EntryRow({ entry, isOpen, onToggle }: { entry: EntryView; isOpen: boolean; onToggle: () => void }): ReactNode {
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      aria-controls={isOpen ? `entry-${entry.id}` : undefined}
      onClick={onToggle}
      className={clsx(
        'flex w-full flex-wrap gap-x-2.5 gap-y-0.5 px-3.5 py-2 text-left transition-colors duration-(--quick) hover:bg-sunken focus-visible:-outline-offset-2',
        grid,
      )}
    >
      <ChevronRight aria-hidden size={13} className={clsx('self-center text-ink-3 transition-transform duration-(--quick)', isOpen && 'rotate-90')} />
      <span className="text-ink-2">
        <RelativeTime at={entry.at} />
      </span>
      <span>
        <OutcomeMark outcome={entry.outcome} />
      </span>
      <span className="min-w-0 break-words text-ink max-sm:basis-full sm:truncate" title={entry.action}>
        {actionWords(entry.action)}
      </span>
      <span className="min-w-0 truncate text-ink-2" title={`${entry.subject.kind}:${entry.subject.id}`}>
        {subjectWords(entry.subject)}
        {entry.subject.kind !== 'route' && <span className="text-ink-3"> {entry.subject.kind}</span>}
      </span>
      <span className="min-w-0 truncate" title={entry.actor.id}>
        {entry.actor.name || entry.actor.id}
      </span>
      <span className="text-right font-mono text-sm text-ink-3 tabular-nums max-sm:ml-auto">{entry.seq ?? 'unsealed'}</span>
    </button>
  )
}

/** A subject by its name; what a refused route was about without the tenant, which is this one. */
function subjectWords({ kind, id, name }: EntryView['subject']): string {
  if (name !== undefined) return name
  if (kind !== 'route') return id
  return id
    .split(' ')
    .filter((part) => !part.startsWith('tenant=') && part.includes('='))
    .map((part) => part.slice(part.indexOf('=') + 1))
    .join(' ')
}
