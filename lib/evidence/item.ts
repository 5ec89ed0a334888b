// One item of a checklist: what is known about it, and what that makes of it. Absence is never a pass.
import { ageLimit, findControl, waiverName, type Control } from '#lib/evidence/controls'
import type { ChecklistSubject, EvidenceFacts, EvidenceIndex, ItemWaiver } from '#lib/evidence/facts'

export const itemStatuses = ['pass', 'fail', 'skipped', 'missing', 'waived', 'expired', 'not_applicable'] as const
export type ItemStatus = (typeof itemStatuses)[number]

export interface Finding {
  status: Exclude<ItemStatus, 'waived'>
  /** One sentence. */
  reason: string
}

export interface ItemJudgement extends Omit<Finding, 'status'> {
  status: ItemStatus
  control: Control
  /** The newest row of each part. */
  rows: EvidenceFacts[]
  /** The exception that is used, when the status is `waived`. */
  waiver: ItemWaiver | null
  /** When what is known now is too old; null: never, or nothing is known. */
  expiresAt: Date | null
}

/** Whether the item is settled: known to be good, excused by name, or about something that this release declares it has not. */
export function isSettled({ status }: { status: ItemStatus }): boolean {
  return status === 'pass' || status === 'waived' || status === 'not_applicable'
}

/** The newest row of each part of a control that is about this release in this environment, or about something wider. */
export function rowsFor(index: Pick<EvidenceIndex, 'rows'>, subject: ChecklistSubject, control: Control): EvidenceFacts[] {
  const parts = control.parts.length > 0 ? control.parts.map(({ id }) => id) : ['']
  return parts.flatMap((part) => {
    const fitting = index.rows.filter((row) => row.control === control.id && row.part === part && isAbout(row, subject))
    const newest = fitting.toSorted((a, b) => b.recordedAt.getTime() - a.recordedAt.getTime() || (b.id < a.id ? -1 : 1))[0]
    return newest ? [newest] : []
  })
}

function isAbout(row: EvidenceFacts, { application, environment, release }: ChecklistSubject): boolean {
  return (
    (row.environmentId === null || row.environmentId === environment.id) &&
    (row.applicationId === null || row.applicationId === application.id) &&
    (row.releaseId === null || row.releaseId === release.id)
  )
}

/** What the rows of a control say, by the database's clock. */
export function judgeRows(control: Control, rows: readonly EvidenceFacts[], subject: ChecklistSubject, now: Date): Finding {
  const wanted = control.parts.length > 0 ? control.parts : [{ id: '', title: control.title }]
  const findings = wanted.map((part) =>
    judgeRow(
      control,
      rows.find((row) => row.part === part.id),
      part.title,
      subject,
      now,
    ),
  )
  const worst = order.flatMap((status) => findings.find((finding) => finding.status === status) ?? [])[0]
  if (worst) return worst
  return { status: 'pass', reason: findings.map(({ reason }) => reason).join(' ') }
}

const order = ['fail', 'missing', 'expired', 'skipped'] as const

function judgeRow(control: Control, row: EvidenceFacts | undefined, title: string, subject: ChecklistSubject, now: Date): Finding {
  if (!row) return { status: 'missing', reason: `Nothing is known: ${howToKnow(control)}` }
  const digests = subject.release.components.map(({ digest }) => digest).toSorted()
  if (row.releaseId !== null && JSON.stringify(row.digests.toSorted()) !== JSON.stringify(digests)) {
    return { status: 'fail', reason: `The evidence for ${title} is bound to other digests than those of ${subject.release.name}.` }
  }
  if (row.storedDigest !== '' && row.storedDigest !== row.contentDigest) {
    return { status: 'fail', reason: `The content of the evidence for ${title} does not hash to ${row.contentDigest} any more.` }
  }
  if (row.outcome === 'fail') return { status: 'fail', reason: row.summary }
  if (row.outcome === 'skipped') return { status: 'skipped', reason: `Skipped, which is no pass: ${row.summary}` }
  const lacking = control.id === 'observability' ? lackingObservability(row.facts) : ''
  if (lacking !== '') return { status: 'fail', reason: lacking }
  const limit = ageLimit(control, subject.parameters)
  if (limit !== null && now.getTime() - row.observedAt.getTime() > limit * 60_000) {
    return { status: 'expired', reason: `The evidence for ${title} is older than ${ageWords(limit)}.` }
  }
  return { status: 'pass', reason: row.summary }
}

/** S0.18: monitors and rules are installed, or equivalent alerts were fired once to try them. */
function lackingObservability(text: string): string {
  const { form, testFiredAt } = JSON.parse(text) as { form?: string; testFiredAt?: string }
  if (form === 'monitors') return ''
  if (form !== 'equivalent') return 'It says neither that monitors and alert rules are installed, nor which alerts are equivalent to them.'
  return testFiredAt ? '' : 'Equivalent alerts count once they were fired to try them, and it does not say when.'
}

function howToKnow({ collection }: Control): string {
  if (collection === 'system') return 'the rollout records it.'
  return collection === 'people' ? 'somebody attaches it.' : 'it is recorded, or somebody attaches it.'
}

export function ageWords(minutes: number): string {
  const [count, unit] = minutes % 1440 === 0 ? [minutes / 1440, 'day'] : minutes % 60 === 0 ? [minutes / 60, 'hour'] : [minutes, 'minute']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** When the oldest of the rows is too old. */
export function expiryOf(control: Control, rows: readonly EvidenceFacts[], parameters: Record<string, unknown>): Date | null {
  const limit = ageLimit(control, parameters)
  if (limit === null || rows.length === 0) return null
  return new Date(Math.min(...rows.map(({ observedAt }) => observedAt.getTime())) + limit * 60_000)
}

/** What the release itself declares; the declaration is the evidence. */
export function declared(control: Control, { release }: ChecklistSubject): Finding | undefined {
  if (control.notApplicableWhen !== 'no-state-migration') return undefined
  const isNone = release.components.length > 0 && release.components.every(({ spec }) => spec.stateMigration === 'none')
  return isNone ? { status: 'not_applicable', reason: `${release.name} declares that it migrates no state.` } : undefined
}

/** The standing exception to this item, when there is one. */
export function waiverFor(index: Pick<EvidenceIndex, 'waivers' | 'now'>, subject: ChecklistSubject, control: Control): ItemWaiver | null {
  const name = waiverName(control.id)
  const isHere = (one: ItemWaiver) => one.environmentId === subject.environment.id && one.applicationId === subject.application.id
  return index.waivers.find((one) => one.gate === name && isHere(one) && one.endsAt > index.now) ?? null
}

/** "Alert wiring" of `alert-wiring`. */
export function controlTitle(id: string): string {
  return findControl(id)?.title ?? id
}
