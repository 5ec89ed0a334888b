import { knownGates } from '#lib/promotions/evaluate-gates'
import type { GateRule } from '#lib/tenants/environment-policy'
import type { GateName } from '#lib/tenants/gate-names'

/** What each gate asks of a promotion, in a sentence. */
export const gateWords: Record<GateName, string> = {
  tier: 'The tier of the tenant has this environment.',
  order: 'The release completed in what is upstream.',
  'source-health': 'It is healthy where it comes from, by an observation that is fresh.',
  soak: 'It ran upstream for long enough.',
  approvals: 'Enough people approved this very plan.',
  checks: 'The checks that are named have reported success.',
  vulnerabilities: 'No known vulnerability above a severity.',
  signature: 'The image carries a signature that verifies.',
  notes: 'The release has notes.',
  contract: 'It upgrades from the stable line that runs, or declares that it does; previews are outside of it.',
  backup: 'A backup is recent enough.',
  config: 'Required keys have values, no key is unknown, and no secret stands in the open.',
  'production-rules':
    'Only what is public listens beyond the machine, nothing insecure is on, secrets are sealed, and what lasts is outside: nine rules.',
  evidence: 'The checklist of what must be known before is complete.',
  freeze: 'Nothing closes promotion here now.',
}

export const modes = ['block', 'warn', 'off'] as const
export type GateModeChoice = (typeof modes)[number]

export const modeWords: Record<GateModeChoice, string> = {
  block: 'blocks',
  warn: 'warns',
  off: 'off',
}

/** Whether this version of Caisson has the gate: turned on without it, it reads as missing and never passes. */
export function isKnownGate(gate: GateName): boolean {
  return knownGates.has(gate)
}

/** A rule with a parameter set, or without it. */
export function withParam(rule: NonNullable<GateRule>, name: string, value: string | number | undefined): NonNullable<GateRule> {
  const { [name]: _before, ...others } = rule.params
  return { ...rule, params: value === undefined ? others : { ...others, [name]: value } }
}
