import { ChevronRight } from 'lucide-react'
import Link from 'next/link'
import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { gateLook, gateName, gateSummary } from '#components/gates/gate-words'
import { exactWords, RelativeTime } from '#components/ui/relative-time'
import { StatusIcon, toneSoft, toneText } from '#components/ui/status'
import { Sentence } from '#components/ui/sentence'
import { blocks, type GateResult } from '#lib/promotions/gates'

interface GateListProps {
  /** As the server sorted them: failing first. */
  gates: readonly GateResult[]
  /** When they were evaluated (ISO). */
  at?: string | undefined
  /** Something to do about one gate, beside its fix: waive it. */
  action?: (gate: GateResult) => ReactNode
}

/** Gates with their reason and the one thing that would make each pass; passed ones fold into a count. */
export function GateList({ gates, at, action }: GateListProps): ReactNode {
  const isQuiet = ({ outcome }: GateResult) => outcome === 'passed' || outcome === 'not_applicable'
  const passed = gates.filter(({ outcome }) => outcome === 'passed')
  const counted = gates.filter(({ outcome }) => outcome !== 'not_applicable')
  const quiet = gates.filter(isQuiet)
  return (
    <div className="grid gap-2">
      <p className="flex flex-wrap justify-between gap-x-3 text-sm font-[550] text-ink-2">
        <span>{gateSummary(gates)}</span>
        <span className="text-ink-3 tabular-nums">
          {passed.length} of {counted.length} passed
          {at && (
            <>
              , evaluated <RelativeTime at={at} />
            </>
          )}
        </span>
      </p>
      <ul aria-label="Gates that did not pass" className="grid gap-2 empty:hidden">
        {gates
          .filter((gate) => !isQuiet(gate))
          .map((gate) => (
            <OpenGate key={gate.gate} gate={gate} action={action?.(gate)} />
          ))}
      </ul>
      {quiet.length > 0 && <QuietGates gates={quiet} passed={passed.length} />}
    </div>
  )
}

function OpenGate({ gate, action }: { gate: GateResult; action: ReactNode }): ReactNode {
  const { tone, word, icon } = gateLook(gate)
  return (
    <li className={clsx('grid grid-cols-[14px_1fr] gap-x-2.5 rounded-2 px-3 py-2', blocks(gate) && toneSoft[tone])}>
      <span className="mt-0.5">
        <StatusIcon tone={tone} icon={icon} size={13} />
      </span>
      <div className="grid min-w-0 gap-0.5">
        <p className={clsx('font-[570]', toneText[tone])}>
          {gateName(gate.gate)} <span className="text-sm font-normal">{word}</span>
        </p>
        <p className={clsx('break-words', !blocks(gate) && 'text-ink-2')}>
          <Sentence words={gate.reason} />
        </p>
        {gate.waiver && (
          <p className="text-ink-2" title={exactWords(gate.waiver.endsAt)}>
            Waived by {gate.waiver.by}, ends <RelativeTime at={gate.waiver.endsAt} />: “{gate.waiver.reason}”
          </p>
        )}
        {((gate.fix && gate.outcome !== 'waived') || action) && (
          <p className="flex flex-wrap items-center gap-x-4 gap-y-1">
            {gate.fix && gate.outcome !== 'waived' && <Fix fix={gate.fix} />}
            {action}
          </p>
        )}
      </div>
    </li>
  )
}

function Fix({ fix }: { fix: NonNullable<GateResult['fix']> }): ReactNode {
  const words = <Sentence words={fix.words} />
  if (!fix.href) return <span className="text-ink-2">{words}</span>
  return (
    <Link href={fix.href} className="font-[550] text-accent hover:underline">
      {words}
    </Link>
  )
}

function QuietGates({ gates, passed }: { gates: readonly GateResult[]; passed: number }): ReactNode {
  const beside = gates.length - passed
  const counts = [passed > 0 ? `${passed} passed` : '', beside > 0 ? `${beside} not applicable` : ''].filter(Boolean).join(', ')
  return (
    <details className="group px-3">
      <summary className="flex list-none items-start gap-1.5 text-ink-2">
        <ChevronRight aria-hidden size={13} className="mt-1 shrink-0 transition-transform duration-(--quick) group-open:rotate-90" />
        <span>
          {counts}: {gates.map(({ gate }) => gateName(gate).toLowerCase()).join(', ')}
        </span>
      </summary>
      <ul className="mt-2 grid gap-1.5 pl-5">
        {gates.map((gate) => {
          const { tone, word } = gateLook(gate)
          return (
            <li key={gate.gate} className="grid grid-cols-[14px_1fr] gap-x-2">
              <span className="mt-0.5">
                <StatusIcon tone={tone} />
              </span>
              <span className="min-w-0 break-words">
                <span className="font-[550]">{gateName(gate.gate)}</span> <span className="sr-only">{word}: </span>
                <span className="text-ink-2">
                  <Sentence words={gate.reason} />
                </span>
              </span>
            </li>
          )
        })}
      </ul>
    </details>
  )
}
