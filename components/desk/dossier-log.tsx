import type { ReactNode } from 'react'
import { FactList } from '#components/release/fact-list'
import { exactWords } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import { Status } from '#components/ui/status'
import { actionWords } from '#lib/audit/action-words'
import type { EntryContent, ProvenEntries, ProvenEntry } from '#lib/audit/entry'
import type { DossierView } from '#lib/kits/dossier'

/** The entries of the log about this release, each with its place and the way to the root that one checkpoint signs. */
export function DossierLog({ log, status }: { log: ProvenEntries; status: DossierView['status'] }): ReactNode {
  const unproven = log.entries.filter(({ proof }) => proof === null).length
  return (
    <>
      <Section title="The log that this rests on" isBoxed className="break-inside-avoid">
        <FactList
          facts={[
            ['State', <LogState key="state" status={status} />],
            ['Sealed', `${status.sealed.toLocaleString('en')} entries`],
            ['Verified', status.verification ? `in full, ${exactWords(status.verification.at)}` : 'never in full'],
            [
              'Signed root',
              log.head ? (
                <code key="root" className="font-mono break-all">
                  {log.head.checkpoint.root}
                </code>
              ) : (
                'nothing is signed yet'
              ),
            ],
            ['Signed size', log.head ? `${log.head.checkpoint.size.toLocaleString('en')} entries` : ''],
            [
              'Key',
              log.head ? (
                <code key="key" className="font-mono break-all">
                  {log.head.verifierLine}
                </code>
              ) : (
                ''
              ),
            ],
          ]}
        />
      </Section>
      <Section
        title="Entries"
        aside={
          unproven === 0
            ? `${log.entries.length}, each with a proof of inclusion`
            : `${log.entries.length}, ${unproven} not covered by a checkpoint yet`
        }
      >
        <ol className="overflow-hidden rounded-3 border bg-surface">
          {log.entries.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </ol>
      </Section>
    </>
  )
}

function LogState({ status }: { status: DossierView['status'] }): ReactNode {
  if (status.findings.length > 0) return <Status tone="bad">tampered: {status.findings.length} findings</Status>
  return status.verification ? <Status tone="ok">intact</Status> : <Status tone="wait">not verified yet</Status>
}

function Entry({ entry }: { entry: ProvenEntry }): ReactNode {
  const said = JSON.parse(entry.content) as EntryContent
  return (
    <li className="grid break-inside-avoid gap-x-3 gap-y-0.5 border-b px-3.5 py-2 last:border-b-0 sm:grid-cols-[64px_minmax(0,1fr)_auto]">
      <span className="text-ink-3 tabular-nums">{entry.seq === null ? 'unsealed' : `#${entry.seq}`}</span>
      <span className="min-w-0 break-words">
        <span className="font-[550]">{actionWords(said.action)}</span> by {said.actor.name || said.actor.id}
        {said.outcome !== 'done' && <span className="text-bad"> ({said.outcome})</span>}
        {said.reason !== '' && <span className="text-ink-2">: {said.reason}</span>}
        <span className="block font-mono text-xs break-all text-ink-3">
          {said.action} {entry.hash}
        </span>
        {entry.proof && (
          <details className="text-sm">
            <summary className="cursor-pointer text-ink-3">
              Path of {entry.proof.length} {entry.proof.length === 1 ? 'hash' : 'hashes'} to the signed root
            </summary>
            <ol className="font-mono text-xs break-all text-ink-3">
              {entry.proof.map((hash) => (
                <li key={hash}>{hash}</li>
              ))}
            </ol>
          </details>
        )}
      </span>
      <span className="text-sm whitespace-nowrap text-ink-3">{exactWords(said.at)}</span>
    </li>
  )
}
