import type { ReactNode } from 'react'
import { gateLook, gateName } from '#components/gates/gate-words'
import { promotionTitle, PromotionStatus } from '#components/promotion/promotion-words'
import { FactList } from '#components/release/fact-list'
import { EmptyState } from '#components/ui/empty-state'
import { exactWords } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import { Status } from '#components/ui/status'
import { Sentence } from '#components/ui/sentence'
import type { DossierChange } from '#lib/kits/dossier'

/** Every change that ran with this release, in the order in which they happened. */
export function DossierChanges({ changes }: { changes: readonly DossierChange[] }): ReactNode {
  if (changes.length === 0) {
    return (
      <Section title="Changes">
        <EmptyState title="It never ran anywhere">No promotion of this release was ever rolled out.</EmptyState>
      </Section>
    )
  }
  return changes.map((change) => (
    <Section key={change.id} title={promotionTitle(change)} aside={<PromotionStatus state={change.state} />} isBoxed>
      <FactList facts={factsOf(change)} />
      <h3 className="mt-4 mb-1.5 break-after-avoid text-sm font-[600] text-ink-2">Approvals</h3>
      {change.approvals.length === 0 ? (
        <p className="text-ink-3">none</p>
      ) : (
        <ul className="grid gap-2">
          {change.approvals.map(({ by, meaning, comment, at, planDigest }) => (
            <li key={`${by.id} ${at}`}>
              <span className="font-[550]">{by.name}</span> on {exactWords(at)}: “{meaning}”{comment !== '' && ` ${comment}`}
              <span className="block font-mono text-sm break-all text-ink-3">{planDigest}</span>
            </li>
          ))}
        </ul>
      )}
      <h3 className="mt-4 mb-1.5 break-after-avoid text-sm font-[600] text-ink-2">Gates</h3>
      <ul className="grid gap-1.5">
        {change.gates.map((gate) => {
          const { tone, word, icon } = gateLook(gate)
          return (
            <li key={gate.gate} className="grid gap-x-3 sm:grid-cols-[128px_112px_minmax(0,1fr)]">
              <span>{gateName(gate.gate)}</span>
              <span>
                <Status tone={tone} icon={icon} plain>
                  {word}
                </Status>
              </span>
              <span className="min-w-0 break-words text-ink-2">
                <Sentence words={gate.reason} />
              </span>
            </li>
          )
        })}
      </ul>
      {change.rollout.checks.length > 0 && (
        <>
          <h3 className="mt-4 mb-1.5 break-after-avoid text-sm font-[600] text-ink-2">Verification</h3>
          <ul className="grid gap-1">
            {change.rollout.checks.map(({ suite, outcome, detail }) => (
              <li key={suite}>
                {suite}: {outcome.replaceAll('_', ' ')}. <span className="text-ink-2">{detail}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  ))
}

function factsOf(change: DossierChange): [string, ReactNode][] {
  const { rollout, conflicts } = change
  return [
    [
      'Promotion',
      <code key="id" className="font-mono break-all">
        {change.id}
      </code>,
    ],
    [
      'Plan',
      <code key="plan" className="font-mono break-all">
        {change.planDigest}
      </code>,
    ],
    ['Configuration', `r${change.configRevision}`],
    ['Requested by', `${change.requestedBy.name}, ${exactWords(change.requestedAt)}`],
    ['Deployed by', change.deployedBy ? `${change.deployedBy.name}, ${exactWords(change.claimedAt)}` : 'the log does not say'],
    ['Applied', rollout.appliedAt ? exactWords(rollout.appliedAt) : ''],
    ['Settled', change.settledAt ? exactWords(change.settledAt) : 'not yet'],
    ['Rollout', rollout.failedPhase ? `failed while ${rollout.failedPhase}: ${rollout.message}` : rollout.phase],
    ['Outcome', change.outcome],
    ['Reason', change.reason],
    ['Incident', change.incident],
    ['Two duties', conflicts.map(({ person, duties }) => `${person.name}: ${duties.join(', ')}`).join('; ')],
  ]
}
