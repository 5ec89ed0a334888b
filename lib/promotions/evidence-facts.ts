// What the gate `evidence` and the plan read of checklists.
import { judgeChecklist, type Checklist } from '#lib/evidence/checklist'
import type { ChecklistSubject, EvidenceIndex } from '#lib/evidence/facts'
import { digestOfJson } from '#lib/platform/canonical-json'
import type { ChecklistFacts, GateFacts } from '#lib/promotions/gates/gate-facts'
import type { Place } from '#lib/promotions/resolve-request'
import type { EnvironmentFacts, ReleaseFacts, Situation } from '#lib/promotions/situation'
import { gateMode } from '#lib/tenants/gate-names'
import type { PromotionKind } from '#lib/promotions/promotion-kind'

/** Whether the policy of an environment asks for evidence when something new comes in. */
export function asksForEvidence({ policy }: Pick<EnvironmentFacts, 'policy'>, kind: PromotionKind): boolean {
  const mode = gateMode(policy.document, 'evidence', kind)
  return mode === 'block' || mode === 'warn'
}

/** null where nobody asks. */
export function evidenceFacts(situation: Situation, place: Place, release: ReleaseFacts, kind: PromotionKind): GateFacts['evidence'] {
  const judged = judge(situation, place, release, kind)
  if (!judged) return null
  return {
    here: factsOf(judged.here),
    upstream: judged.upstream.map(({ slug, checklist }) => ({ slug, checklist: factsOf(checklist) })),
  }
}

/**
 * Digest of what people attached for this place and of what owners signed upstream; null while there is none. What Caisson records
 * by itself is not in it: it comes and goes with rollouts and backups, and no decision rests on its bytes.
 */
export function evidenceDigest(situation: Situation, place: Place, release: ReleaseFacts, kind: PromotionKind): string | null {
  const judged = judge(situation, place, release, kind)
  if (!judged) return null
  const attached = judged.here.items
    .filter(({ control }) => control.when === 'before')
    .flatMap(({ rows }) => rows.filter(({ origin }) => origin !== 'system'))
    .map(({ id, control, part, outcome, contentDigest }) => ({ id, control, part, outcome, contentDigest }))
  const signed = judged.upstream.flatMap(({ slug, checklist: { signOff, signOffState } }) =>
    signOff && signOffState === 'valid' ? [{ environment: slug, id: signOff.id, checklistDigest: signOff.checklistDigest }] : [],
  )
  return attached.length + signed.length === 0 ? null : digestOfJson({ attached, signed })
}

function judge(situation: Situation, place: Place, release: ReleaseFacts, kind: PromotionKind) {
  const { evidence } = situation
  if (!evidence || !asksForEvidence(place.environment, kind)) return null
  const upstream = situation.environments.filter(({ id }) => place.environment.upstreamIds.includes(id))
  return {
    here: checklistOf(evidence, place, place.environment, release),
    upstream: upstream.map((environment) => ({ slug: environment.slug, checklist: checklistOf(evidence, place, environment, release) })),
  }
}

function checklistOf(evidence: EvidenceIndex, { application }: Place, environment: EnvironmentFacts, release: ReleaseFacts): Checklist {
  const subject: ChecklistSubject = { application, environment, release, parameters: environment.policy.document.gates.evidence?.params ?? {} }
  return judgeChecklist(evidence, subject)
}

function factsOf({ items, signOffState, signOffReason }: Checklist): ChecklistFacts {
  return {
    items: items.map(({ control, status, reason }) => ({ control: control.id, title: control.title, when: control.when, status, reason })),
    signOffState,
    signOffReason,
  }
}
