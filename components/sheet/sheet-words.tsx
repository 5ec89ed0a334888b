import { gateName } from '#components/gates/gate-words'
import { spanWords } from '#components/ui/relative-time'
import { blocks, waits, type GateResult } from '#lib/promotions/gates'
import type { PromotionKind } from '#lib/promotions/promotion-kind'
import type { SheetView } from '#lib/promotions/sheet'

type Place = { application: string; environment: string }

const acts: Record<PromotionKind, string> = {
  promote: 'Promote',
  deploy: 'Deploy',
  rollback: 'Roll back',
  config: 'Apply configuration',
  restart: 'Restart',
  stop: 'Stop',
  start: 'Start',
  scale: 'Scale',
}

/** "Promote orders to prod", "Restart orders in dev". */
export function titleOf(kind: PromotionKind | undefined, { application, environment }: Place): string {
  if (kind === undefined) return `Lift ${application} to ${environment}`
  if (kind === 'promote' || kind === 'deploy') return `${acts[kind]} ${application} to ${environment}`
  if (kind === 'config') return `Apply the configuration of ${application} in ${environment}`
  return `${acts[kind]} ${application} in ${environment}`
}

/** What the button would do, with the facts: "Promote v1.1.0 to prod". */
export function actOf(sheet: SheetView): string {
  const { kind, release, environment, application, replicas, lanes } = sheet
  if (kind === 'promote' || kind === 'deploy') return `${acts[kind]} ${release.name} to ${environment.slug}`
  if (kind === 'rollback') return `Roll ${environment.slug} back to ${release.name}`
  if (kind === 'config') return `Apply r${lanes.configuration.to} to ${environment.slug}`
  if (kind === 'scale') return `Scale ${application.slug} in ${environment.slug} to ${replicas}`
  return `${acts[kind]} ${application.slug} in ${environment.slug}`
}

/** The label of the one button: the act, what it meets, when it opens, and how long it stays open. */
export function buttonWords(sheet: SheetView, now: number): string {
  const hard = sheet.gates.filter((gate) => blocks(gate) && !waits(gate))
  const isClosedOnly = hard.length === 1 && hard[0]?.gate === 'freeze'
  if (isClosedOnly && sheet.opensAt !== null) return `${actOf(sheet)}: opens in ${spanWords(Date.parse(sheet.opensAt) - now)}`
  if (hard.length > 0) return `${actOf(sheet)}: ${hard.length === 1 ? `${gateWords(hard[0])} blocks` : `${hard.length} gates block`}`
  if (!sheet.mayRequest.allowed) return actOf(sheet)
  if (sheet.wouldBe === 'waiting') return askWords(sheet)
  return `${actOf(sheet)}${closesWords(sheet, now)}`
}

/** The same for a place of the board: what a window lets, and for how long. */
export function windowWords(place: { opensAt: string | null; closesAt: string | null }, now: number): string {
  return place.opensAt === null ? closesWords(place, now) : `: opens in ${spanWords(Date.parse(place.opensAt) - now)}`
}

/** ", closes in 3 h" where a window closes within a day; '' otherwise. */
function closesWords({ closesAt }: { closesAt: string | null }, now: number): string {
  const leftMs = closesAt === null ? Number.POSITIVE_INFINITY : Date.parse(closesAt) - now
  return leftMs < 86_400_000 ? `, closes in ${spanWords(leftMs)}` : ''
}

function askWords(sheet: SheetView): string {
  const isApproval = sheet.gates.some((gate) => waits(gate) && gate.gate === 'approvals')
  const { kind, release, environment } = sheet
  const what = kind === 'promote' || kind === 'deploy' ? `${release.name} to ${environment.slug}` : actOf(sheet)
  return isApproval ? `Ask for approval: ${what}` : `Ask, then wait: ${what}`
}

function gateWords(gate: GateResult | undefined): string {
  return gate ? gateName(gate.gate).toLowerCase() : 'a gate'
}

/** 214 KB, 48 MB: decimal, as registries count. */
export function sizeWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const [size, unit] = bytes < 1e6 ? [bytes / 1e3, 'KB'] : bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB']
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${unit}`
}
