// What an operations team takes over: nine areas, and what the hand-off is refused for.
import type { Checklist } from '#lib/evidence/checklist'

export const handOffAreas = [
  { id: 'ownership', title: 'Ownership', asks: 'Service owner, on-call, escalation, security owner.' },
  { id: 'versioning', title: 'Versioning', asks: 'Which versions are taken, how upgrades arrive.' },
  { id: 'secrets', title: 'Secrets', asks: 'Inventory, location, rotation owner, last rotation.' },
  { id: 'storage', title: 'Storage', asks: 'Where state is, how it grows, how it is restored.' },
  { id: 'network', title: 'Network', asks: 'Ways in and out, who may open more.' },
  { id: 'observability', title: 'Observability', asks: 'Dashboards, alerts, where they ring.' },
  { id: 'runbooks', title: 'Runbooks', asks: 'Where they are, when they were last tried.' },
  { id: 'access', title: 'Access', asks: 'Who has which role, and how the glass is broken.' },
  { id: 'compliance', title: 'Compliance', asks: 'What has to be kept, for how long, for whom.' },
] as const

export type HandOffAreas = Record<(typeof handOffAreas)[number]['id'], string>

/** Without these nobody takes a service over; an exception by name does not stand for them. */
const demanded = [
  { control: 'secrets', words: 'a secret (its place and owner)' },
  { control: 'backup-proof', words: 'the backup' },
  { control: 'alert-wiring', words: 'the alerts' },
  { control: 'recovery', words: 'the recovery test' },
] as const

/** "Reject handoff when an owner, secret, backup, alert, or recovery test is missing." The owner is named with the hand-off itself. */
export function missingForHandOff({ items }: Pick<Checklist, 'items'>): string[] {
  return demanded.flatMap(({ control, words }) => {
    const status = items.find((item) => item.control.id === control)?.status
    return status === 'pass' || status === 'not_applicable' ? [] : [words]
  })
}
