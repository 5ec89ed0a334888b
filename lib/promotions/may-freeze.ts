import { may, type ActTarget } from '#lib/access/authorize'
import type { Actor } from '#lib/platform/actor'
import type { Verdict } from '#lib/platform/refusal'

/** Whether somebody may close or open all of these environments: who is limited to some of them has no say over the others. */
export function mayFreeze(actor: Actor, environments: readonly NonNullable<ActTarget['environment']>[]): Verdict {
  const verdicts = environments.map((environment) => may(actor, 'freeze.set', { environment }))
  return verdicts.find(({ allowed }) => !allowed) ?? may(actor, 'freeze.set')
}
