// A gate is a pure function from facts to one of six outcomes. Absence never reads as a pass.

export const gateOutcomes = ['passed', 'failed', 'pending', 'missing', 'waived', 'not_applicable'] as const
export type GateOutcome = (typeof gateOutcomes)[number]
export type GateMode = 'block' | 'warn'

/** A fact that a gate read, with the time it was true at where it has one. */
export interface GateFact {
  name: string
  value: string
  at?: string
}

/** The one action that would make it pass. */
export interface GateFix {
  words: string
  href?: string
}

/** What a gate itself says, before modes and waivers are laid over it. */
export interface GateFinding {
  outcome: Exclude<GateOutcome, 'waived'>
  /** One sentence. */
  reason: string
  facts: GateFact[]
  fix: GateFix | null
}

export interface GateResult {
  gate: string
  outcome: GateOutcome
  mode: GateMode
  reason: string
  facts: GateFact[]
  fix: GateFix | null
  /** The exception that was used, when the outcome is `waived`. */
  waiver?: { id: string; by: string; reason: string; endsAt: string }
}

/** A blocking gate that neither passed, nor was waived, nor is about something else. */
export function blocks(result: GateResult): boolean {
  return result.mode === 'block' && (result.outcome === 'failed' || result.outcome === 'missing' || result.outcome === 'pending')
}

/** It blocks now and may pass without the request being changed: approvals that are awaited, an observation under way. */
export function waits(result: GateResult): boolean {
  return blocks(result) && result.outcome === 'pending'
}

/** Blocking ones first, then waiting ones, warnings, waived and passed; as the sheet shows them. */
export function sortGates(results: readonly GateResult[]): GateResult[] {
  return [...results].sort((left, right) => weight(left) - weight(right))
}

function weight(result: GateResult): number {
  if (blocks(result)) return waits(result) ? 1 : 0
  return { failed: 2, missing: 2, pending: 2, waived: 3, passed: 4, not_applicable: 5 }[result.outcome]
}
