import { approvals } from '#lib/promotions/gates/approvals'
import { asksBackupAnyway, backup } from '#lib/promotions/gates/backup'
import { config } from '#lib/promotions/gates/config'
import { asksContractAnyway, contract } from '#lib/promotions/gates/contract'
import { evidence } from '#lib/promotions/gates/evidence'
import { freeze } from '#lib/promotions/gates/freeze'
import { holdGate } from '#lib/promotions/gates/hold'
import type { Gate, GateFacts } from '#lib/promotions/gates/gate-facts'
import { order } from '#lib/promotions/gates/order'
import { productionRules } from '#lib/promotions/gates/production-rules'
import { sourceHealth } from '#lib/promotions/gates/source-health'
import { tier } from '#lib/promotions/gates/tier'
import type { GateFinding, GateResult } from '#lib/promotions/gates'
import type { WaiverFacts } from '#lib/promotions/situation'
import type { EnvironmentPolicyDocument } from '#lib/tenants/environment-policy'
import { gateMode, gateNames, type GateName } from '#lib/tenants/gate-names'

/** A Map, because a plain object would answer for a gate named `constructor`. */
export const knownGates: ReadonlyMap<string, Gate> = new Map([
  ['tier', tier],
  ['order', order],
  ['source-health', sourceHealth],
  ['approvals', approvals],
  ['freeze', freeze],
  ['contract', contract],
  ['backup', backup],
  ['config', config],
  ['production-rules', productionRules],
  ['evidence', evidence],
])

interface Policy {
  version: number
  document: EnvironmentPolicyDocument
}

/** A standing hold, and every gate that a policy turns on with its outcome; standing waivers are laid over what does not pass. */
export function evaluateGates(facts: GateFacts, policy: Policy, waivers: readonly WaiverFacts[]): GateResult[] {
  const byPolicy = gateNames.flatMap((gate): GateResult[] => {
    const asked = gateMode(policy.document, gate, facts.kind)
    const mode = asked === 'off' && isAskedAnyway(gate, facts) ? 'block' : asked
    if (mode === 'off') return []
    if (mode === 'exempt') return [exempt(gate, policy, facts)]
    const finding = (knownGates.get(gate) ?? unknownGate(gate))(facts, policy.document.gates[gate]?.params ?? {})
    // An exception that somebody granted before their own request is no second pair of eyes.
    const waiver = waivers.find((one) => one.gate === gate && one.endsAt > facts.now && one.grantedBy !== facts.requestedBy)
    return [waiver ? waive(gate, mode, finding, waiver) : { gate, mode, ...finding }]
  })
  const hold = holdGate(facts)
  return hold ? [hold, ...byPolicy] : byPolicy
}

/** What a protected environment asks of previews, whatever its policy says. */
function isAskedAnyway(gate: GateName, facts: GateFacts): boolean {
  return (gate === 'backup' && asksBackupAnyway(facts)) || (gate === 'contract' && asksContractAnyway(facts))
}

function exempt(gate: GateName, { version, document }: Policy, { kind }: GateFacts): GateResult {
  const mode = document.gates[gate]?.mode === 'warn' ? 'warn' : 'block'
  const reason = `The policy of this environment (version ${version}) takes ${kind} out of this gate.`
  return { gate, mode, outcome: 'not_applicable', reason, facts: [], fix: null }
}

function waive(gate: string, mode: GateResult['mode'], finding: GateFinding, waiver: WaiverFacts): GateResult {
  if (finding.outcome === 'passed' || finding.outcome === 'not_applicable') return { gate, mode, ...finding }
  const endsAt = waiver.endsAt.toISOString()
  return {
    gate,
    mode,
    outcome: 'waived',
    reason: `Waived until ${endsAt}: “${waiver.reason}”. Without it: ${finding.reason}`,
    facts: finding.facts,
    fix: null,
    waiver: { id: waiver.id, by: waiver.grantedBy, reason: waiver.reason, endsAt },
  }
}

/** A gate that this version does not have never passes. */
function unknownGate(name: string): Gate {
  return () => ({
    outcome: 'missing',
    reason: `The policy asks for the gate ${name}, which this version of Caisson does not have.`,
    facts: [],
    fix: { words: 'Take it out of the policy of the environment, or grant a waiver.' },
  })
}
