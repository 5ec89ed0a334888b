// What is out of the ordinary about a change, as rules over what was recorded. Pure: the page, the export and the dossier say the same.
import { subjectOf, type ChangeFacts, type DeskException, type DutyConflict, type ExceptionCode, type Severity } from '#lib/kits/desk'
import type { ChangeApproval } from '#lib/kits/desk'
import { approvedEarlierFact } from '#lib/promotions/gates/approvals'
import { bringsNews, bringsRelease } from '#lib/promotions/promotion-kind'

/** What is an exception only where an environment is protected. */
const ofProtection: readonly ExceptionCode[] = ['no_approval', 'two_duties']

type Found = [code: ExceptionCode, severity: Severity, words: string]

/** Everything about one change that an auditor wants to see first. */
export function exceptionsOf(change: ChangeFacts, conflicts: readonly DutyConflict[]): DeskException[] {
  const found = [...approvalsOf(change), ...gatesOf(change), ...rolloutOf(change), ...conflicts.map(describeConflict)]
  return found.map(([code, severity, words]) => ({
    code,
    // Where nothing is protected, one person alone is how people work; it is worth a look, and no more.
    severity: !change.environment.isProtected && ofProtection.includes(code) ? 'notice' : severity,
    words,
    at: change.claimedAt,
    promotionId: change.id,
    subject: subjectOf(change),
  }))
}

function approvalsOf(change: ChangeFacts): Found[] {
  const { approvals, rules, requestedBy, uploadedBy } = change
  const found: Found[] = []
  for (const { by, planDigest } of approvals) {
    if (rules.fourEyes && by.id === requestedBy.id) {
      found.push(['own_approval', 'breach', `${by.name} approved what they requested, against version ${rules.version} of the policy.`])
    }
    if (rules.forbidUploader && uploadedBy.some(({ id }) => id === by.id)) {
      found.push(['own_approval', 'breach', `${by.name} approved what they uploaded, against version ${rules.version} of the policy.`])
    }
    if (planDigest !== change.planDigest) {
      found.push(['approval_of_another_plan', 'breach', `The approval of ${by.name} is of another plan than the one that ran.`])
    }
  }
  const persons = new Set(approvals.map(({ by }) => by.id)).size
  const isEnough = persons >= rules.approvals || earlierApprovers(change).size >= rules.approvals
  if (rules.asksApproval && !isEnough && change.brokenGlass.length === 0) {
    const words = `The policy asks for ${rules.approvals} ${rules.approvals === 1 ? 'approval' : 'approvals'}, and it ran with ${persons}.`
    found.push(['quorum_missed', 'breach', words])
  }
  if (persons === 0 && (bringsRelease(change.kind) || bringsNews(change.kind))) {
    found.push(['no_approval', 'exception', `Nobody approved it${whyNoApproval(change)}.`])
  }
  return found
}

/** Whose approval of the same release here a rollback stood on, where its policy said that this is enough. */
function earlierApprovers({ kind, gates }: ChangeFacts): Set<string> {
  const gate = gates.find((one) => one.gate === 'approvals' && one.outcome === 'passed')
  if (kind !== 'rollback' || !gate) return new Set()
  return new Set(gate.facts.filter(({ name }) => name === approvedEarlierFact).map(({ value }) => value))
}

function whyNoApproval(change: ChangeFacts): string {
  const { kind, rules, gates, environment } = change
  if (rules.asksApproval && earlierApprovers(change).size >= rules.approvals) {
    return `: the release was approved in ${environment.slug} before, and the policy (version ${rules.version}) accepts that for a rollback`
  }
  if (rules.asksApproval) return ''
  const isExempt = gates.some(({ gate, outcome }) => gate === 'approvals' && outcome === 'not_applicable')
  return isExempt ? `: the policy (version ${rules.version}) takes ${kind} out of this gate` : `: the policy (version ${rules.version}) asks for none`
}

function gatesOf(change: ChangeFacts): Found[] {
  const found: Found[] = change.brokenGlass.map(({ by, reason }) => ['break_glass', 'exception', `${by.name} broke the glass: “${reason}”.`])
  for (const { gate, mode, outcome, reason, waiver } of change.gates) {
    if (outcome === 'waived' && waiver) {
      found.push([
        'waived_gate',
        'exception',
        `The gate ${gate} was waived by ${waiver.by} until ${waiver.endsAt.slice(0, 16).replace('T', ' ')}Z: “${waiver.reason}”.`,
      ])
    }
    if (mode === 'warn' && (outcome === 'failed' || outcome === 'missing')) {
      found.push(['warned_gate', 'notice', `It went past a warning of the gate ${gate}: ${reason}`])
    }
  }
  if (change.kind === 'rollback' && change.freezesPassed > 0) {
    found.push(['rollback_in_freeze', 'exception', `A rollback while ${change.environment.slug} was closed; rollbacks pass a freeze by rule.`])
  }
  return found
}

function rolloutOf({ state, outcome, verification }: ChangeFacts): Found[] {
  const found: Found[] = []
  if (verification === 'failed') found.push(['failed_verification', 'exception', 'It was applied, and verification failed.'])
  if (state === 'failed' || state === 'errored') found.push(['not_completed', 'exception', `It ${state}: ${outcome || 'no reason is recorded.'}`])
  return found
}

function describeConflict({ person, duties }: DutyConflict): Found {
  const list = duties.length > 2 ? `${duties.slice(0, -1).join(', ')} and ${duties.at(-1)}` : duties.join(' and ')
  return ['two_duties', 'exception', `${person.name} ${list} it.`]
}

/** That the approvals of a period rest on few people; undefined where they do not, or where there are too few to say. */
export function fewApprovers(approvals: readonly ChangeApproval[], at: string): DeskException | undefined {
  const counts = new Map<string, { name: string; count: number }>()
  for (const { by } of approvals) counts.set(by.id, { name: by.name, count: (counts.get(by.id)?.count ?? 0) + 1 })
  const [most] = [...counts.values()].toSorted((left, right) => right.count - left.count)
  if (!most || approvals.length < 3 || most.count / approvals.length < 0.8) return undefined
  const words = `${most.name} gave ${most.count} of the ${approvals.length} approvals of this period.`
  return { code: 'few_approvers', severity: 'notice', words, at, promotionId: null, subject: '' }
}
