import { may } from '#lib/access/authorize'
import { roleName } from '#lib/access/permissions'
import type { Checklist } from '#lib/evidence/checklist'
import type { Control } from '#lib/evidence/controls'
import { isSettled } from '#lib/evidence/item'
import type { Actor } from '#lib/platform/actor'
import { allowed, refused, type Verdict } from '#lib/platform/refusal'

interface Where {
  environment: { id: string; slug: string; isProtected: boolean }
}

/** Whether somebody may sign: role, everything else settled, and no exception of their own in use. The password is asked when they do. */
export function maySign(actor: Actor, checklist: Checklist, where: Where): Verdict {
  const verdicts = [may(actor, 'checklist.sign', where), mayBeSigned(checklist), ownWaiver(actor, checklist)]
  return verdicts.find((verdict) => !verdict.allowed) ?? allowed
}

/** S0.7: the sign-off is locked until every other item passes, is waived by name or is not applicable. */
function mayBeSigned({ items, signOffState }: Checklist): Verdict {
  const open = items.filter((item) => item.control.collection !== 'signature' && !isSettled(item))
  if (open.length > 0) {
    const names = open.map(({ control, status }) => `${control.title} (${status.replace('_', ' ')})`)
    return refused('conflict', `The sign-off is locked: ${names.join(', ')}.`, 'Settle these items, or have them waived by name.')
  }
  if (signOffState === 'valid') return refused('conflict', 'It is signed already, and nothing has changed since.', 'Nothing is left to do.')
  return allowed
}

function ownWaiver(actor: Actor, { items }: Checklist): Verdict {
  const own = actor.kind === 'person' ? items.find(({ waiver }) => waiver?.grantedBy === actor.id) : undefined
  if (!own) return allowed
  return refused(
    'own_request',
    `You granted the exception to ${own.control.title} yourself.`,
    'Have somebody else sign, or have it waived by another approver.',
  )
}

/** Whether somebody may attach evidence for a control here. */
export function mayAttach(actor: Actor, control: Control, where: Where): Verdict {
  if (control.collection === 'people' || control.collection === 'either') return may(actor, 'evidence.attach', where)
  const how = {
    system: 'Caisson records it by itself, when a release is rolled out',
    derived: 'Caisson compares what runs with what was approved, each time that you look',
    signature: `it is the signature of the ${roleName(control.owner)}`,
  }[control.collection]
  return refused('conflict', `Nothing is attached for ${control.title.toLowerCase()}: ${how}.`, 'Look at its reason.')
}
