import { clsx } from 'clsx'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { gateName } from '#components/sheet/sheet-words'
import { exactWords } from '#components/ui/relative-time'
import { StatusIcon, toneSoft, toneText, type StatusTone } from '#components/ui/status'
import { blocks, waits, type GateResult } from '#lib/promotions/gates'

/** What stops it: blocking first, each with its one fix; what passed folds into a count. Takes them sorted. */
export function SheetGates({ gates }: { gates: readonly GateResult[] }): ReactNode {
  const hard = gates.filter((gate) => blocks(gate) && !waits(gate)).length
  const awaited = gates.filter(waits).length
  const passed = gates.filter(({ outcome }) => outcome === 'passed')
  const elsewhere = gates.filter(({ outcome }) => outcome === 'not_applicable')
  const open = gates.filter(({ outcome }) => outcome !== 'passed' && outcome !== 'not_applicable')
  return (
    <section aria-label="Gates" className="min-w-0">
      <h3 className="mb-2 flex justify-between gap-3 text-sm font-[600] text-ink-2">
        <span>{summaryOf(hard, awaited)}</span>
        <span className="font-normal text-ink-3 tabular-nums">
          {passed.length} of {gates.length - elsewhere.length} passed
        </span>
      </h3>
      <ul className="grid gap-1.5">
        {open.map((gate) => (
          <GateRow key={gate.gate} gate={gate} />
        ))}
      </ul>
      {passed.length > 0 && <Folded tone="ok" words={`${passed.length} passed`} gates={passed} />}
      {elsewhere.length > 0 && (
        <Folded tone="off" words={`${elsewhere.length} ${elsewhere.length === 1 ? 'does' : 'do'} not apply`} gates={elsewhere} />
      )}
    </section>
  )
}

function summaryOf(hard: number, awaited: number): string {
  if (hard === 0 && awaited === 0) return 'Nothing blocks'
  const parts = [hard > 0 ? `${hard} ${hard === 1 ? 'blocks' : 'block'}` : '', awaited > 0 ? `${awaited} ${awaited === 1 ? 'waits' : 'wait'}` : '']
  return parts.filter(Boolean).join(', ')
}

function toneOf(gate: GateResult): StatusTone {
  if (gate.outcome === 'waived') return 'waived'
  if (!blocks(gate)) return 'wait'
  return waits(gate) ? 'wait' : 'bad'
}

/** One gate that did not simply pass. */
export function GateRow({ gate }: { gate: GateResult }): ReactNode {
  const tone = toneOf(gate)
  const isLoud = blocks(gate)
  return (
    <li className={clsx('grid grid-cols-[20px_1fr] gap-x-1.5 rounded-2 px-2.5 py-2', isLoud && toneSoft[tone])}>
      <span className="mt-0.5">
        <StatusIcon tone={tone} size={14} />
      </span>
      <div className="min-w-0 break-words">
        <p className={clsx('font-[570]', toneText[tone])}>
          {gateName(gate.gate)}
          <span className="sr-only">, {outcomeWords(gate)}</span>
          {!isLoud && gate.outcome !== 'waived' && <span className="ml-1.5 text-sm font-normal text-ink-3">warns only</span>}
        </p>
        <p className={isLoud ? 'text-ink' : 'text-ink-2'}>{gate.waiver ? waiverWords(gate.waiver) : gate.reason}</p>
        {gate.fix && gate.outcome !== 'waived' && <Fix {...gate.fix} />}
      </div>
    </li>
  )
}

function Fix({ words, href }: { words: string; href?: string }): ReactNode {
  if (href === undefined) return <p className="mt-0.5 text-ink-2">{words}</p>
  return (
    <Link href={href} className="mt-0.5 inline-block font-[550] text-accent hover:underline">
      {words}
    </Link>
  )
}

function outcomeWords(gate: GateResult): string {
  if (gate.outcome === 'waived') return 'waived'
  if (!blocks(gate)) return 'a warning'
  return waits(gate) ? 'waits' : gate.outcome === 'missing' ? 'blocks: something is missing' : 'blocks'
}

function waiverWords({ by, reason, endsAt }: { by: string; reason: string; endsAt: string }): string {
  return `Waived until ${exactWords(endsAt)} by ${by}: “${reason}”`
}

function Folded({ tone, words, gates }: { tone: StatusTone; words: string; gates: readonly GateResult[] }): ReactNode {
  return (
    <details className="mt-2 text-ink-2">
      <summary className="rounded-2 px-2.5 py-1 hover:bg-off-soft">
        {words}: <span className="text-ink-3">{gates.map(({ gate }) => gateName(gate).toLowerCase()).join(', ')}</span>
      </summary>
      <ul className="mt-1 grid gap-1 px-2.5 pb-1">
        {gates.map((gate) => (
          <li key={gate.gate} className="grid grid-cols-[18px_1fr] gap-x-1.5 text-sm">
            <span className="mt-1">
              <StatusIcon tone={tone} />
            </span>
            <span>
              <span className="font-[550]">{gateName(gate.gate)}</span> <span className="text-ink-3">{gate.reason}</span>
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}
