import type { StatusTone } from '#components/ui/status'
import type { SignOffState } from '#lib/evidence/checklist'
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

export interface Subject {
  application: string
  environment: string
  release: string
}

export function checklistHref(tenant: string, { application, environment, release }: Subject): string {
  return `/t/${encodeURIComponent(tenant)}/evidence/${[application, environment, release].map(encodeURIComponent).join('/')}`
}
