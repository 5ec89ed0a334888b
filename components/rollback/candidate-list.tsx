'use client'
import { clsx } from 'clsx'
import { useId, type ReactNode } from 'react'
import { shortDigest } from '#components/ui/digest'
import { DigestMark } from '#components/ui/digest-mark'
import { RelativeTime, spanWords } from '#components/ui/relative-time'
import { Status, type StatusTone } from '#components/ui/status'
import type { Precheck, RollbackCandidate } from '#lib/promotions/rollback'

interface CandidateListProps {
  candidates: readonly RollbackCandidate[]
  chosen: string | null
  onChoose: (release: string) => void
}

/** Releases that ran here, newest first; what is missing stands beside those that cannot be chosen. */
export function CandidateList({ candidates, chosen, onChoose }: CandidateListProps): ReactNode {
  const name = useId()
  return (
    <fieldset className="overflow-hidden rounded-3 border bg-surface">
      <legend className="sr-only">Release to go back to</legend>
      {candidates.map((candidate) => (
        <Candidate
          key={candidate.release}
          candidate={candidate}
          name={name}
          isChosen={candidate.release === chosen}
          onChoose={() => onChoose(candidate.release)}
        />
      ))}
    </fieldset>
  )
}

interface CandidateProps {
  candidate: RollbackCandidate
  name: string
  isChosen: boolean
  onChoose: () => void
}

function Candidate({ candidate, name, isChosen, onChoose }: CandidateProps): ReactNode {
  const { release, digest, completedAt, ranForMs, configRevision, isLastGood, isBlocked, prechecks } = candidate
  return (
    <label
      className={clsx(
        'grid grid-cols-[14px_minmax(0,1fr)] gap-x-3 gap-y-2 border-b px-3.5 py-3 last:border-b-0 md:grid-cols-[14px_minmax(0,5fr)_minmax(0,6fr)]',
        isChosen && 'bg-accent-soft',
        isBlocked ? 'cursor-not-allowed' : 'cursor-pointer hover:bg-sunken has-checked:hover:bg-accent-soft',
      )}
    >
      <input
        type="radio"
        name={name}
        value={release}
        aria-label={release}
        checked={isChosen}
        disabled={isBlocked}
        onChange={onChoose}
        className="mt-1 size-3.5 accent-accent"
      />
      <span className="min-w-0">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          {digest !== '' && <DigestMark digest={digest} />}
          <span className="font-mono font-[550] break-all">{release}</span>
          <code className="font-mono text-sm text-ink-3">{shortDigest(digest)}</code>
          {isLastGood && <Status tone="ok">last good</Status>}
        </span>
        <span className="mt-0.5 block text-ink-2">
          ran {spanWords(ranForMs)} here, completed <RelativeTime at={completedAt} />, config r{configRevision}
        </span>
      </span>
      <span className="grid min-w-0 content-start gap-1 max-md:col-start-2">
        {prechecks.map((precheck) => (
          <CheckLine key={precheck.name} precheck={precheck} />
        ))}
      </span>
    </label>
  )
}

const looks: Record<Precheck['outcome'], { tone: StatusTone; word: string }> = {
  passed: { tone: 'ok', word: 'passed' },
  failed: { tone: 'bad', word: 'failed' },
  missing: { tone: 'bad', word: 'missing' },
  warning: { tone: 'wait', word: 'warns' },
  unknown: { tone: 'off', word: 'unknown' },
  not_applicable: { tone: 'off', word: 'not applicable' },
}
const names: Record<Precheck['name'], string> = {
  image_intact: 'Image present',
  secrets: 'Secret versions',
  tag_unmoved: 'Tag',
  runs_here: 'Runtime',
  contract: 'Contract',
  state_compatible: 'State',
  configuration: 'Config keys',
}

/** What is a step of the way and not the end: configuration was there then, a state can be restored. */
const softly: Partial<Record<Precheck['name'], string>> = { configuration: 'not set now', secrets: 'not set now', state_compatible: 'restore first' }

function CheckLine({ precheck: { name, outcome, reason } }: { precheck: Precheck }): ReactNode {
  const isOff = outcome === 'failed' || outcome === 'missing' || outcome === 'warning' || (name === 'contract' && outcome !== 'passed')
  const { tone, word } = isOff && softly[name] ? { tone: 'wait' as const, word: softly[name] } : looks[outcome]
  return (
    <span className="flex flex-wrap items-baseline gap-x-2">
      <Status tone={tone} plain title={reason}>
        {names[name]} {word}
      </Status>
      {isOff && <span className="min-w-0 flex-1 basis-48 break-words text-ink-2">{reason}</span>}
    </span>
  )
}
