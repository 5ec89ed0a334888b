import type { StatusTone } from '#components/ui/status'
import type { SignOffState } from '#lib/evidence/checklist'
import type { ChecklistView } from '#lib/evidence/checklist-view'
import type { ItemStatus } from '#lib/evidence/item'

/** How a status of an item shows: what is excused is neither good nor bad. */
export const itemLook: Record<ItemStatus, { tone: StatusTone; word: string }> = {
  pass: { tone: 'ok', word: 'pass' },
  fail: { tone: 'bad', word: 'fail' },
  skipped: { tone: 'wait', word: 'skipped' },
  missing: { tone: 'wait', word: 'missing' },
  waived: { tone: 'waived', word: 'waived' },
  expired: { tone: 'wait', word: 'expired' },
  not_applicable: { tone: 'off', word: 'not applicable' },
}

export const signOffLook: Record<SignOffState, { tone: StatusTone; word: string }> = {
  unsigned: { tone: 'off', word: 'not signed' },
  valid: { tone: 'ok', word: 'signed' },
  invalid: { tone: 'bad', word: 'sign-off invalid' },
}

/** The same of a whole checklist: a signature over evidence whose log entries were damaged proves nothing. */
export function signOffLookOf({ signOff, risks }: Pick<ChecklistView, 'signOff' | 'risks'>): { tone: StatusTone; word: string } {
  const look = signOffLook[signOff?.state ?? 'unsigned']
  return signOff?.state === 'valid' && risks.length > 0 ? { tone: 'bad', word: 'signed, evidence at risk' } : look
}

export interface Subject {
  application: string
  environment: string
  release: string
}

export function checklistHref(tenant: string, { application, environment, release }: Subject): string {
  return `/t/${encodeURIComponent(tenant)}/evidence/${[application, environment, release].map(encodeURIComponent).join('/')}`
}
