import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import { judgeChecklist, type Checklist } from '#lib/evidence/checklist'
import type { checklistInput, ChecklistView, EvidenceView, ItemView, SignOffView } from '#lib/evidence/checklist-view'
import { ageLimit } from '#lib/evidence/controls'
import { approvalOf, runningOf } from '#lib/evidence/derived-checks'
import type { EvidenceFacts, EvidenceIndex } from '#lib/evidence/facts'
import { verificationKey } from '#lib/evidence/internal/signing-key'
import { isSettled, type ItemJudgement } from '#lib/evidence/item'
import { mayAttach, maySign } from '#lib/evidence/may-sign'
import { findRisks, type Risks } from '#lib/evidence/queries/find-risks'
import { findChecklistSubject, type FoundSubject } from '#lib/evidence/queries/find-subject'
import { loadEvidenceIndex } from '#lib/evidence/queries/load-evidence-index'
import { canonicalJson } from '#lib/platform/canonical-json'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { peopleNames } from '#lib/releases/queries/people-names'

type Input = z.output<typeof checklistInput>

/** The checklist of a release in an environment: every control with its status, what it rests on, and what you may do. */
export async function getChecklist(ctx: TenantContext, input: Input): Promise<ChecklistView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read((tx) => presentChecklist(tx, ctx, input))
}

/** A checklist with the subject that it is about, judged by everything as it is now in this transaction. */
export async function loadChecklist(
  tx: Tx,
  ctx: TenantContext,
  input: Input,
): Promise<{ subject: FoundSubject; index: EvidenceIndex; checklist: Checklist }> {
  const subject = await findChecklistSubject(tx, input)
  const index = await loadEvidenceIndex(tx, ctx.tenant, { applicationIds: [subject.application.id], releaseIds: [subject.release.id] })
  return { subject, index, checklist: judgeChecklist(index, subject) }
}

export async function presentChecklist(tx: Tx, ctx: TenantContext, input: Input): Promise<ChecklistView> {
  const { subject, index, checklist } = await loadChecklist(tx, ctx, input)
  const rows = checklist.items.flatMap((item) => item.rows)
  const risks = await findRisks(
    tx,
    ctx.tenant.id,
    rows.map(({ id }) => id),
  )
  const approval = approvalOf(index, subject)
  const people = await peopleNames(tx, [
    ...rows.map(({ recordedBy }) => recordedBy),
    ...checklist.items.flatMap(({ waiver }) => waiver?.grantedBy ?? []),
    ...(checklist.signOff ? [checklist.signOff.signedBy] : []),
    ...(approval?.approvedBy ?? []),
  ])
  const person = (id: string) => ({ id, name: people.get(id) ?? id })
  const where = { environment: subject.environment }
  const { id: _application, ...application } = subject.application
  return {
    application: { slug: application.slug, name: application.name },
    environment: { slug: subject.environment.slug, name: subject.environment.name, isProtected: subject.environment.isProtected },
    release: {
      id: subject.release.id,
      name: subject.release.name,
      components: subject.release.components.map(({ name, repository, digest }) => ({ name, repository, digest })),
    },
    isRunning: runningOf(index, subject) !== null,
    template: checklist.content.template,
    items: checklist.items.map((item) => presentItem(item, subject, risks, person, mayAttach(ctx.actor, item.control, where))),
    content: canonicalJson(checklist.content),
    digest: checklist.digest,
    isReadyToSign: checklist.isReadyToSign,
    isComplete: checklist.isComplete,
    settled: checklist.items.filter(isSettled).length,
    signOff: presentSignOff(checklist, person),
    approval: approval
      ? {
          promotionId: approval.promotionId,
          approvedBy: approval.approvedBy.map(person),
          approvedAt: approval.approvedAt,
          expiresAt: approval.expiresAt,
          configRevision: approval.configRevision,
        }
      : null,
    risks: risks.words,
    key: verificationKey(ctx.tenant.id),
    sign: maySign(ctx.actor, checklist, where),
  }
}

type PersonOf = (id: string) => { id: string; name: string }

function presentItem(item: ItemJudgement, subject: FoundSubject, risks: Risks, person: PersonOf, attach: ItemView['attach']): ItemView {
  const { control, status, reason, waiver, expiresAt, rows } = item
  const { id, kind, title, says, owner, when, collection, parts } = control
  return {
    control: id,
    kind,
    title,
    says,
    owner,
    when,
    collection,
    parts,
    status,
    reason,
    ageLimit: ageLimit(control, subject.parameters),
    expiresAt: expiresAt?.toISOString() ?? null,
    evidence: rows.map((row) => presentEvidence(row, person, risks)),
    waiver: waiver ? { id: waiver.id, reason: waiver.reason, grantedBy: person(waiver.grantedBy), endsAt: waiver.endsAt.toISOString() } : null,
    attach,
  }
}

export function presentEvidence(row: EvidenceFacts, person: PersonOf, risks: Pick<Risks, 'evidenceIds'>): EvidenceView {
  const { id, part, outcome, origin, summary, contentDigest, mediaType, sizeBytes, fileName, promotionId } = row
  return {
    id,
    part,
    outcome,
    origin,
    summary,
    facts: JSON.parse(row.facts) as Record<string, unknown>,
    contentDigest,
    mediaType,
    sizeBytes,
    fileName,
    reference: row.referrerDigest === '' ? '' : `${row.repository}@${row.referrerDigest}`,
    isOfThisRelease: row.releaseId !== null,
    observedAt: row.observedAt.toISOString(),
    recordedAt: row.recordedAt.toISOString(),
    recordedBy: person(row.recordedBy),
    promotionId,
    isAtRisk: risks.evidenceIds.has(id),
  }
}

function presentSignOff({ signOff, signOffState, signOffReason }: Checklist, person: PersonOf): SignOffView | null {
  if (!signOff || signOffState === 'unsigned') return null
  const { id, meaning, comment, checklistDigest, statement, envelope, content } = signOff
  return {
    id,
    state: signOffState,
    reason: signOffReason,
    signedBy: person(signOff.signedBy),
    signedAt: signOff.signedAt.toISOString(),
    authenticatedAt: signOff.authenticatedAt.toISOString(),
    meaning,
    comment,
    checklistDigest,
    statement,
    envelope,
    content,
    reference: `${signOff.repository}@${signOff.referrerDigest}`,
  }
}
