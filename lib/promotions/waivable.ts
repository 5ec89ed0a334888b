// What somebody may be excused from, and for how long.
import { currentTemplate, waivedControl, waiverName } from '#lib/evidence/controls'
import { allowed, refused, type Verdict } from '#lib/platform/refusal'
import { gateNames } from '#lib/tenants/gate-names'

/** The longest that an exception to a gate may last. */
export const maxWaiverDays = 30

/** Approvals are decisions and the tier is a contract; neither is a check that somebody may be excused from. */
const neverWaived: readonly string[] = ['approvals', 'tier']

export function mayWaive(gate: string): Verdict {
  if (waivedControl(gate)) return allowed
  if (gate.startsWith('evidence:')) {
    const items = currentTemplate.controls.filter(({ collection }) => collection !== 'signature').map(({ id }) => waiverName(id))
    return refused('invalid_input', `There is no item ${gate} that could be waived.`, `Name one of: ${items.join(', ')}.`)
  }
  if (!(gateNames as readonly string[]).includes(gate)) {
    return refused('invalid_input', `There is no gate ${gate}.`, `Name one of: ${gateNames.join(', ')}.`)
  }
  if (!neverWaived.includes(gate)) return allowed
  return refused('invalid_input', `The gate ${gate} cannot be waived.`, 'Get the approvals, or change the policy of the environment.')
}
