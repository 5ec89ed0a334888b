'use client'
import { ArrowRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { gateName } from '#components/gates/gate-words'
import { useIsReader } from '#components/layout/reader'
import type { SheetAsk } from '#components/sheet/use-sheet'
import { Button } from '#components/ui/button'
import { Digest } from '#components/ui/digest'
import { RelativeTime } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import { StatusIcon } from '#components/ui/status'
import { Sentence } from '#components/ui/sentence'
import type { CellView, NextRelease } from '#lib/promotions/cell'
import { waits } from '#lib/promotions/gates'

/** Up to three newer releases, newest first, each with what blocks it. */
export function CellNext({ cell, openSheet }: { cell: CellView; openSheet: (ask: SheetAsk) => void }): ReactNode {
  const { next, environment, now } = cell
  const upstream = environment.upstream.join(' or ')
  return (
    <Section title="Next">
      {next.length === 0 ? (
        <p className="text-ink-3">
          {upstream === ''
            ? 'Nothing newer was sealed.'
            : `Nothing ${now.running ? 'newer ' : ''}completed in ${upstream}${now.running ? '' : ' yet'}.`}
        </p>
      ) : (
        <ul className="grid gap-2">
          {next.map((release) => (
            <NextRow key={release.release} next={release} onOpen={() => openSheet(askOf(cell, release))} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function askOf({ application, environment }: CellView, { release, kind }: NextRelease): SheetAsk {
  return { application: application.slug, environment: environment.slug, release, kind }
}

function NextRow({ next, onOpen }: { next: NextRelease; onOpen: () => void }): ReactNode {
  const isReader = useIsReader()
  const word = isReader ? 'Look' : next.kind === 'deploy' ? 'Deploy' : 'Promote'
  return (
    <li className="grid gap-1 rounded-2 border px-3 py-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-mono font-[600]">{next.release}</span>
        <Digest digest={next.digest} />
        <Button size="sm" icon={ArrowRight} className="ml-auto" onClick={onOpen} aria-label={`${word} ${next.release}: open its sheet`}>
          {word}
        </Button>
      </div>
      <p className="text-sm text-ink-3">
        sealed by {next.createdBy.name} <RelativeTime at={next.createdAt} />
      </p>
      {next.blockedBy.map((gate) => (
        <p key={gate.gate} className="flex gap-1.5 text-sm text-ink-2">
          <span className="mt-0.5">
            <StatusIcon tone={waits(gate) ? 'wait' : 'bad'} />
          </span>
          <span>
            <span className="font-[550]">{gateName(gate.gate)}:</span> <Sentence words={gate.reason} />
          </span>
        </p>
      ))}
    </li>
  )
}
