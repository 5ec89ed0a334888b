// The gates that a policy can turn on, and for what: read by pages too, so without the schema of the document.

export const gateNames = [
  'tier',
  'order',
  'source-health',
  'soak',
  'approvals',
  'checks',
  'vulnerabilities',
  'signature',
  'notes',
  'contract',
  'backup',
  'config',
  'production-rules',
  'evidence',
  'freeze',
] as const
export type GateName = (typeof gateNames)[number]

export const promotionKinds = ['promote', 'deploy', 'rollback', 'config', 'restart', 'stop', 'start', 'scale'] as const

/** What of a policy says which gates are on. */
interface PolicyGates {
  gates: Partial<Record<GateName, { mode: 'block' | 'warn' | 'off' }>>
  exemptions: Partial<Record<(typeof promotionKinds)[number], readonly GateName[]>>
}

/** How a gate counts for a kind of promotion here; `exempt` where the policy takes the kind out. */
export function gateMode(policy: PolicyGates, gate: GateName, kind: (typeof promotionKinds)[number]): 'block' | 'warn' | 'off' | 'exempt' {
  const mode = policy.gates[gate]?.mode ?? 'off'
  return mode !== 'off' && policy.exemptions[kind]?.includes(gate) ? 'exempt' : mode
}
