// A promotion in words, and its way to the end as it goes.
import { setTimeout as sleep } from 'node:timers/promises'
import { path, type Api } from '#bin/cli/api'
import { facts, gateLines, short, time } from '#bin/cli/print'
import { blocks } from '#lib/promotions/gates'
import type { PromotionView } from '#lib/promotions/promotion'

const pollMs = 500
const open = ['requested', 'approved', 'rolling_out']

export function describePromotion(promotion: PromotionView): string {
  const { plan, application, environment } = promotion
  const head = facts([
    ['promotion', promotion.id],
    ['asks for', `${promotion.kind} ${application.slug} ${plan.release.name} in ${environment.slug}${environment.isProtected ? ' (protected)' : ''}`],
    ['state', promotion.state.replaceAll('_', ' ') + (promotion.outcome === '' ? '' : `: ${promotion.outcome}`)],
    ['by', `${promotion.requestedBy.name}, ${time(promotion.requestedAt)}`],
    ['reason', promotion.reason],
    ['incident', promotion.incident],
    ['plan', promotion.planDigest],
    ['rollout', rolloutWords(promotion)],
  ])
  const parts = [head, changes(promotion)]
  if (promotion.moved.length > 0) parts.push(`moved since it was asked for:\n${promotion.moved.map((line) => `  ${line}`).join('\n')}`)
  if (promotion.gates.length > 0) parts.push(`gates:\n${gateLines(promotion.gates)}`)
  const decided = promotion.approvals.map(
    (one) => `  ${one.decision} by ${one.by.name}${one.counts ? '' : ` (${one.whyNot})`}${one.comment ? `: ${one.comment}` : ''}`,
  )
  if (decided.length > 0) parts.push(`decisions:\n${decided.join('\n')}`)
  if (isWaiting(promotion)) parts.push(`next: ${nextStep(promotion)}`)
  return parts.join('\n')
}

/** What the plan replaces with what: release, digests, configuration, replicas. */
function changes({ plan }: PromotionView): string {
  const was = plan.baseline
  const row = (name: string, from: string, to: string) => `  ${name}: ${from === to ? `${to} (as now)` : `${from} → ${to}`}`
  const digests = plan.release.components.map(({ name, digest }) => {
    const before = was?.components.find((one) => one.name === name)?.digest
    return row(`image of ${name}`, before === undefined ? 'nothing' : short(before), short(digest))
  })
  return [
    'changes:',
    row('release', was?.release ?? 'nothing', plan.release.name),
    ...digests,
    row('configuration', was ? `revision ${was.configRevision}` : 'nothing', `revision ${plan.config.revision}`),
    row('replicas', was ? String(was.isStopped ? 0 : was.replicas) : '0', String(plan.replicas)),
  ].join('\n')
}

function isWaiting({ state }: PromotionView): boolean {
  return state === 'requested' || state === 'approved'
}

function nextStep(promotion: PromotionView): string {
  const needsApproval = promotion.gates.some((gate) => gate.gate === 'approvals' && blocks(gate))
  if (!needsApproval) return `it runs when its gates pass; caisson promotion ${promotion.id} --wait`
  return `somebody else approves it: caisson approve ${promotion.id}`
}

function rolloutWords({ rollout }: PromotionView): string {
  if (!rollout) return ''
  const at = rollout.failedPhase === null ? rollout.phase : `failed while ${rollout.failedPhase}`
  const steps = rollout.steps.total === 0 ? '' : `, ${rollout.steps.done} of ${rollout.steps.total} steps`
  return `${at}${steps}${rollout.message === '' ? '' : `. ${rollout.message}`}`
}

/** Asks again and again until the promotion is settled or the time is over, telling each change. */
export async function followToSettled(api: Api, first: PromotionView, limitMs: number, tell: (line: string) => void): Promise<PromotionView> {
  const startedAt = Date.now()
  let promotion = first
  let told = ''
  for (;;) {
    const line = progressLine(promotion)
    if (line !== told) tell(line)
    told = line
    if (isSettled(promotion) || Date.now() - startedAt > limitMs) return promotion
    await sleep(pollMs)
    promotion = await api.call<PromotionView>('GET', path`/tenants/{tenant}/promotions/${promotion.id}`)
  }
}

export function isSettled({ state }: PromotionView): boolean {
  return !open.includes(state)
}

function progressLine(promotion: PromotionView): string {
  if (!isWaiting(promotion)) return `${promotion.state.replaceAll('_', ' ')}  ${rolloutWords(promotion)}`.trimEnd()
  const reasons = promotion.gates.filter(blocks).map(({ reason }) => reason)
  return `${promotion.state}${reasons.length === 0 ? '' : `, waits: ${reasons.join(' ')}`}`
}
