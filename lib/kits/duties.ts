import { duties, type ChangeFacts, type Duty, type DutyConflict } from '#lib/kits/desk'
import type { PersonView } from '#lib/promotions/promotion'

/**
 * Who holds two duties of one change. The last approval sets a rollout going by itself, so an approver who "deployed" by approving
 * holds one duty, not two; machines hold none.
 */
export function dutyConflicts(change: Pick<ChangeFacts, 'uploadedBy' | 'requestedBy' | 'approvals' | 'deployedBy'>): DutyConflict[] {
  const approvers = change.approvals.map(({ by }) => by)
  const holders: Record<Duty, PersonView[]> = {
    uploaded: change.uploadedBy,
    requested: [change.requestedBy],
    approved: approvers,
    deployed: change.deployedBy && !approvers.some(({ id }) => id === change.deployedBy?.id) ? [change.deployedBy] : [],
  }
  const people = new Map(Object.values(holders).flatMap((list) => list.filter(isPerson).map((person) => [person.id, person])))
  return [...people.values()].flatMap((person) => {
    const held = duties.filter((duty) => holders[duty].some(({ id }) => id === person.id))
    return held.length > 1 ? [{ person, duties: held }] : []
  })
}

function isPerson({ id }: PersonView): boolean {
  return !id.startsWith('system:') && id !== 'anonymous'
}
