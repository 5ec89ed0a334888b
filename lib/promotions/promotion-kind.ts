import type { Verb } from '#lib/access/permissions'

/** One machine, one record for everything that changes what an environment runs; gates differ by policy and kind. */
export const promotionKinds = ['promote', 'deploy', 'rollback', 'config', 'restart', 'stop', 'start', 'scale'] as const
export type PromotionKind = (typeof promotionKinds)[number]

/** The verb that each kind asks of its requester. */
export const verbOfKind: Record<PromotionKind, Verb> = {
  promote: 'promotion.request',
  deploy: 'promotion.request',
  rollback: 'rollback.request',
  config: 'overlay.edit',
  restart: 'deployment.operate',
  stop: 'deployment.operate',
  start: 'deployment.operate',
  scale: 'deployment.operate',
}

/** Kinds that bring a release into an environment; the others keep the one that runs. */
export function bringsRelease(kind: PromotionKind): boolean {
  return kind === 'promote' || kind === 'deploy' || kind === 'rollback'
}

/** Kinds that bring something new in: a release that moves up, or configuration. */
export function bringsNews(kind: PromotionKind): boolean {
  return kind === 'promote' || kind === 'deploy' || kind === 'config'
}

/** Kinds after which other software or other values run; the rest only moves the same ones. */
export function changesWhatRuns(kind: PromotionKind | (string & {})): boolean {
  return kind === 'promote' || kind === 'deploy' || kind === 'rollback' || kind === 'config'
}
