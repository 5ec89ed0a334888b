'use client'
import type { ReactNode } from 'react'
import { ChangedValues } from '#components/audit/changed-values'
import { EntryProofView } from '#components/audit/entry-proof-view'
import { CopyButton } from '#components/ui/copy-button'
import { exactWords } from '#components/ui/relative-time'
import { Status, statusIcons } from '#components/ui/status'
import type { EntryView } from '#lib/audit/entry'

interface EntryDetailsProps {
  tenant: string
  entry: EntryView
  /** The newest checkpoint covers it. */
  isSigned: boolean
}

/** All that was sealed of an entry, and the proof that it was. */
export function EntryDetails({ tenant, entry, isSigned }: EntryDetailsProps): ReactNode {
  const facts: [string, string, string?][] = [
    ['Action', entry.action],
    ['Time', exactWords(entry.at), entry.at],
    ['Done by', `${entry.actor.name} (${entry.actor.kind})`, entry.actor.id],
    ['Subject', `${entry.subject.kind}:${entry.subject.id}`],
    ['Entry', entry.id],
    ['Request', entry.requestId],
    ['Hash', entry.hash],
    ['Place', entry.seq === null ? 'not sealed yet' : String(entry.seq)],
  ]
  return (
    <div className="grid gap-4 border-t bg-sunken px-4 py-4">
      {entry.reason !== '' && (
        <p>
          <span className="text-sm text-ink-3">Reason </span>
          {entry.reason}
        </p>
      )}
      <dl className="grid grid-cols-[72px_minmax(0,1fr)] gap-x-3 gap-y-1 text-sm">
        {facts.map(([name, words, id]) => (
          <div key={name} className="contents">
            <dt className="text-ink-3">{name}</dt>
            <dd className="flex min-w-0 flex-wrap items-center gap-x-2 break-all">
              {words}
              {id !== undefined && id !== words && <code className="font-mono text-ink-3">{id}</code>}
              {name === 'Hash' && <CopyButton text={words} label="Copy the hash" />}
            </dd>
          </div>
        ))}
      </dl>
      <ChangedValues before={entry.before} after={entry.after} />
      {isSigned ? (
        <EntryProofView tenant={tenant} entry={entry} />
      ) : (
        <p>
          <Status tone="wait" icon={statusIcons.clock} plain>
            {entry.seq === null ? 'Not sealed yet: a second at most.' : 'No checkpoint signs it yet: a second at most.'}
          </Status>
        </p>
      )}
    </div>
  )
}
