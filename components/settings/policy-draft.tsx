import type { EnvironmentPolicyDocument, GateRule } from '#lib/tenants/environment-policy'
import { gateNames, type GateName, type promotionKinds } from '#lib/tenants/gate-names'

/** The document with one gate as it is wanted; a gate that is off is not named at all. */
export function withGate(document: EnvironmentPolicyDocument, gate: GateName, rule: NonNullable<GateRule>): EnvironmentPolicyDocument {
  const { [gate]: _before, ...others } = document.gates
  return { ...document, gates: rule.mode === 'off' ? others : { ...others, [gate]: rule } }
}

/** The document with a kind of promotion taken out of a gate, or put back. */
export function withExemption(
  document: EnvironmentPolicyDocument,
  kind: (typeof promotionKinds)[number],
  gate: GateName,
  isExempt: boolean,
): EnvironmentPolicyDocument {
  const before = document.exemptions[kind] ?? []
  const after = gateNames.filter((one) => (one === gate ? isExempt : before.includes(one)))
  return { ...document, exemptions: { ...document.exemptions, [kind]: after } }
}
