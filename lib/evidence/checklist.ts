// The checklist of (release, environment): every control judged, and the content that an owner signs.
import { canonicalJson, digestOfJson } from '#lib/platform/canonical-json'
import { ageLimit, currentTemplate, type Control } from '#lib/evidence/controls'
import {
  approvalOf,
  driftedOf,
  judgeRuntime,
  judgeSecrets,
  judgeStorage,
  judgeVersionPin,
  neededSecrets,
  overlayOf,
  runningOf,
  secretsOf,
} from '#lib/evidence/derived-checks'
import type { ChecklistSubject, EvidenceFacts, EvidenceIndex, ReleaseApprovalContent, SignOffFacts } from '#lib/evidence/facts'
import { controlTitle, declared, expiryOf, isSettled, judgeRows, rowsFor, waiverFor, type Finding, type ItemJudgement } from '#lib/evidence/item'

/** What is signed. No probe result and no clock: what is fresh now is for the gates to say, and a signature lasts longer. */
export interface ChecklistContent {
  template: number
  tenant: string
  application: string
  environment: string
  release: { id: string; name: string; components: { name: string; repository: string; digest: string }[] }
  approval: (ReleaseApprovalContent & { id: string; isGenuine: boolean }) | null
  overlay: { revision: number; hash: string } | null
  running: {
    configHash: string
    components: { name: string; digest: string }[]
    drifted: { component: string; digest: string; configHash: string }[]
  } | null
  items: ItemContent[]
}

export interface ItemContent {
  control: string
  evidence: Record<string, unknown>[]
  waiver: { id: string; reason: string; grantedBy: string; endsAt: string } | null
  /** What the release itself declares about it. */
  declared: string
  secrets: { name: string; location: string; owner: string }[]
}

export type SignOffState = 'unsigned' | 'valid' | 'invalid'

export interface Checklist {
  items: ItemJudgement[]
  content: ChecklistContent
  digest: string
  signOff: SignOffFacts | null
  signOffState: SignOffState
  /** Why a sign-off does not count any more; '' when it does. */
  signOffReason: string
  /** All but the signature are settled. */
  isReadyToSign: boolean
  /** Everything is settled, and the owner's signature stands. */
  isComplete: boolean
}

/** Judges every control of the template. Pure: the same facts at the same time give the same checklist. */
export function judgeChecklist(index: EvidenceIndex, subject: ChecklistSubject): Checklist {
  const others = currentTemplate.controls.filter(({ collection }) => collection !== 'signature').map((control) => judgeItem(index, subject, control))
  const content = contentOf(index, subject, others)
  const digest = digestOfJson(content)
  const signOff = newestSignOff(index, subject)
  const { state, reason } = judgeSignOff(signOff, content, digest)
  const isReadyToSign = others.every(isSettled)
  const signatures = currentTemplate.controls.filter(({ collection }) => collection === 'signature')
  const items = [...others, ...signatures.map((control) => signatureItem(control, state, reason, others))]
  return {
    items,
    content,
    digest,
    signOff,
    signOffState: state,
    signOffReason: reason,
    isReadyToSign,
    isComplete: isReadyToSign && state === 'valid',
  }
}

function judgeItem(index: EvidenceIndex, subject: ChecklistSubject, control: Control): ItemJudgement {
  const rows = rowsFor(index, subject, control)
  const finding = declared(control, subject) ?? judge(index, subject, control, rows)
  const expiresAt = control.collection === 'derived' ? null : expiryOf(control, rows, subject.parameters)
  const waiver = isSettled(finding) ? null : waiverFor(index, subject, control)
  if (!waiver) return { control, rows, ...finding, waiver: null, expiresAt }
  const reason = `Waived until ${waiver.endsAt.toISOString()}: “${waiver.reason}”. Without it: ${finding.reason}`
  return { control, rows, status: 'waived', reason, waiver, expiresAt: waiver.endsAt }
}

function judge(index: EvidenceIndex, subject: ChecklistSubject, control: Control, rows: readonly EvidenceFacts[]): Finding {
  if (control.id === 'version-pin') return judgeVersionPin(index, subject)
  if (control.id === 'runtime') return judgeRuntime(index, subject, ageLimit(control, subject.parameters) ?? 10)
  if (control.id === 'secrets') return judgeSecrets(index, subject)
  const said = judgeRows(control, rows, subject, index.now)
  if (control.id !== 'storage') return said
  // What was observed is stronger than what somebody says; a no of either stays a no.
  const observed = judgeStorage(index, subject)
  return observed && (observed.status === 'fail' || said.status === 'missing') ? observed : said
}

function signatureItem(control: Control, state: SignOffState, reason: string, others: readonly ItemJudgement[]): ItemJudgement {
  const open = others.filter((item) => !isSettled(item)).map(({ control: { title } }) => title.toLowerCase())
  const base = { control, rows: [], waiver: null, expiresAt: null }
  if (state === 'invalid') return { ...base, status: 'fail', reason }
  if (state === 'valid') return { ...base, status: 'pass', reason: 'Signed, and nothing of it has changed since.' }
  const words = open.length > 0 ? `Locked until the others are settled: ${open.join(', ')}.` : 'Everything else is settled; the owner may sign.'
  return { ...base, status: 'missing', reason: words }
}

function contentOf(index: EvidenceIndex, subject: ChecklistSubject, items: readonly ItemJudgement[]): ChecklistContent {
  const approval = approvalOf(index, subject)
  const running = runningOf(index, subject)
  const overlay = overlayOf(index, subject)
  return {
    template: currentTemplate.version,
    tenant: index.tenant.slug,
    application: subject.application.slug,
    environment: subject.environment.slug,
    release: {
      id: subject.release.id,
      name: subject.release.name,
      components: subject.release.components.map(({ name, repository, digest }) => ({ name, repository, digest })),
    },
    approval: approval ? withoutPlace(approval) : null,
    overlay: overlay ? { revision: overlay.revision, hash: overlay.hash } : null,
    running: running
      ? {
          configHash: running.configHash,
          components: running.components.map(({ name, digest }) => ({ name, digest })),
          drifted: driftedOf(running),
        }
      : null,
    items: items.map(({ control, rows, waiver, status, reason }) => ({
      control: control.id,
      evidence: rows.map(rowContent),
      waiver: waiver ? { id: waiver.id, reason: waiver.reason, grantedBy: waiver.grantedBy, endsAt: waiver.endsAt.toISOString() } : null,
      declared: status === 'not_applicable' ? reason : '',
      secrets: control.id === 'secrets' ? secretContent(index, subject) : [],
    })),
  }
}

function withoutPlace(approval: NonNullable<ReturnType<typeof approvalOf>>): NonNullable<ChecklistContent['approval']> {
  const { environmentId: _environment, applicationId: _application, releaseId: _release, ...content } = approval
  return content
}

/** Every field of a row, so that none can change unseen. */
function rowContent(row: EvidenceFacts): Record<string, unknown> {
  return { ...row, observedAt: row.observedAt.toISOString(), recordedAt: row.recordedAt.toISOString() }
}

function secretContent(index: EvidenceIndex, subject: ChecklistSubject): ItemContent['secrets'] {
  const kept = secretsOf(index, subject).map(({ name, location, owner }) => ({ name, location, owner }))
  const unmet = (neededSecrets(subject) ?? []).filter((name) => !kept.some((one) => one.name === name))
  return [...kept, ...unmet.map((name) => ({ name, location: '', owner: '' }))]
}

function newestSignOff(index: EvidenceIndex, { application, environment, release }: ChecklistSubject): SignOffFacts | null {
  const own = index.signOffs.filter(
    (one) => one.applicationId === application.id && one.environmentId === environment.id && one.releaseId === release.id,
  )
  return own.toSorted((a, b) => b.signedAt.getTime() - a.signedAt.getTime())[0] ?? null
}

function judgeSignOff(signOff: SignOffFacts | null, content: ChecklistContent, digest: string): { state: SignOffState; reason: string } {
  if (!signOff) return { state: 'unsigned', reason: '' }
  if (!signOff.isGenuine) return { state: 'invalid', reason: 'The sign-off is not what the key of this tenant signed.' }
  if (signOff.checklistDigest === digest) return { state: 'valid', reason: '' }
  const changed = whatChanged(JSON.parse(signOff.content) as ChecklistContent, content)
  return { state: 'invalid', reason: `The checklist changed after it was signed: ${changed.join(', ')}.` }
}

/** Names of the parts that differ between what was signed and what stands now. */
export function whatChanged(signed: ChecklistContent, now: ChecklistContent): string[] {
  const same = (left: unknown, right: unknown) => canonicalJson(left ?? null) === canonicalJson(right ?? null)
  const { items: signedItems, ...signedRest } = signed
  const { items: nowItems, ...nowRest } = now
  const rest = Object.keys(nowRest).filter((key) => !same(signedRest[key as keyof typeof signedRest], nowRest[key as keyof typeof nowRest]))
  const controls = [...new Set([...signedItems, ...nowItems].map(({ control }) => control))]
  const items = controls.filter(
    (id) =>
      !same(
        signedItems.find(({ control }) => control === id),
        nowItems.find(({ control }) => control === id),
      ),
  )
  return [...rest.map((key) => partWords[key] ?? key), ...items.map((id) => controlTitle(id).toLowerCase())]
}

const partWords: Record<string, string> = { approval: 'the release approval', overlay: 'the values', running: 'what runs', release: 'the release' }
