'use client'
import { clsx } from 'clsx'
import { Ban, CircleAlert, Minus, type LucideIcon } from 'lucide-react'
import { useId, type ReactNode } from 'react'
import { gateName } from '#components/gates/gate-words'
import { GateParameters } from '#components/settings/gate-parameters'
import { gateWords, isKnownGate, modes, modeWords, type GateModeChoice } from '#components/settings/gate-words'
import { Checkbox } from '#components/ui/checkbox'
import { Status } from '#components/ui/status'
import type { EnvironmentPolicyDocument, GateRule } from '#lib/tenants/environment-policy'
import { promotionKinds, type GateName } from '#lib/tenants/gate-names'

type Kind = (typeof promotionKinds)[number]

interface GateRowProps {
  gate: GateName
  rule: GateRule
  exemptions: EnvironmentPolicyDocument['exemptions']
  isReadOnly: boolean
  onRule: (rule: NonNullable<GateRule>) => void
  onExempt: (kind: Kind, isExempt: boolean) => void
}

const signs: Record<GateModeChoice, LucideIcon> = { block: Ban, warn: CircleAlert, off: Minus }
const chosen: Record<GateModeChoice, string> = { block: 'bg-bad-soft text-bad', warn: 'bg-wait-soft text-wait', off: 'bg-off-soft text-ink-2' }

/** One gate: what it asks, whether it blocks, and which kinds of promotion it does not concern. */
export function GateRow({ gate, rule, exemptions, isReadOnly, onRule, onExempt }: GateRowProps): ReactNode {
  const name = useId()
  const current = rule ?? { mode: 'off' as const, params: {} }
  const exempt = promotionKinds.filter((kind) => exemptions[kind]?.includes(gate))
  const isOn = current.mode !== 'off'
  return (
    <div className="grid gap-x-4 gap-y-2 border-b px-4 py-3 last:border-b-0 sm:grid-cols-[1fr_auto]">
      <div className="min-w-0">
        <p className={clsx('font-[570]', !isOn && 'text-ink-2')}>{gateName(gate)}</p>
        <p className="text-ink-2">{gateWords[gate]}</p>
      </div>
      <fieldset disabled={isReadOnly} className="flex w-fit self-start overflow-hidden rounded-2 border border-line-strong">
        <legend className="sr-only">What {gateName(gate)} does when it does not pass</legend>
        {modes.map((mode) => {
          const Icon = signs[mode]
          return (
            <label
              key={mode}
              className={clsx(
                'flex h-7 cursor-pointer items-center gap-1 border-r px-2.5 text-sm font-[550] last:border-r-0 has-focus-visible:outline-2 has-focus-visible:outline-accent',
                mode === current.mode ? chosen[mode] : 'text-ink-3 hover:text-ink',
              )}
            >
              <input type="radio" name={name} className="sr-only" checked={mode === current.mode} onChange={() => onRule({ ...current, mode })} />
              <Icon aria-hidden size={12} />
              {modeWords[mode]}
            </label>
          )
        })}
      </fieldset>
      {isOn && !isKnownGate(gate) && (
        <div className="sm:col-span-2">
          <Status tone="wait" plain>
            This version cannot look at it: it reads as missing{current.mode === 'block' ? ', and blocks every promotion' : ''}.
          </Status>
        </div>
      )}
      {isOn && (
        <div className="grid gap-3 sm:col-span-2">
          <GateParameters gate={gate} rule={current} isReadOnly={isReadOnly} onRule={onRule} />
          <details>
            <summary className="text-sm text-ink-3">
              {exempt.length === 0 ? 'Concerns every kind of promotion' : `Does not concern ${exempt.join(', ')}`}
            </summary>
            <fieldset disabled={isReadOnly} className="mt-2 flex flex-wrap gap-x-4 gap-y-1.5">
              <legend className="sr-only">Kinds of promotion that {gateName(gate)} does not concern</legend>
              {promotionKinds.map((kind) => (
                <Checkbox
                  key={kind}
                  label={`not for ${kind}`}
                  checked={exempt.includes(kind)}
                  onChange={(event) => onExempt(kind, event.target.checked)}
                />
              ))}
            </fieldset>
          </details>
        </div>
      )}
    </div>
  )
}
