import { Ban, CircleAlert, Clock, Hourglass, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Status, type StatusTone } from '#components/ui/status'
import type { PromotionSummary, PromotionView } from '#lib/promotions/promotion'
import { stateWords, type PromotionState } from '#lib/promotions/promotion-state'
import { bringsRelease, type PromotionKind } from '#lib/promotions/promotion-kind'

const looks: Record<PromotionState, { tone: StatusTone; icon?: LucideIcon }> = {
  requested: { tone: 'wait' },
  approved: { tone: 'wait', icon: Hourglass },
  rolling_out: { tone: 'run' },
  completed: { tone: 'ok' },
  failed: { tone: 'bad' },
  errored: { tone: 'bad', icon: CircleAlert },
  rejected: { tone: 'bad', icon: Ban },
  cancelled: { tone: 'off', icon: Ban },
  expired: { tone: 'off', icon: Clock },
  superseded: { tone: 'off' },
}

/** Where a promotion stands: icon, word, colour. */
export function PromotionStatus({ state }: { state: PromotionState }): ReactNode {
  const { tone, icon } = looks[state]
  return (
    <Status tone={tone} icon={icon}>
      {stateWords[state]}
    </Status>
  )
}

export const kindWords: Record<PromotionKind, string> = {
  promote: 'promote',
  deploy: 'deploy',
  rollback: 'roll back',
  config: 'configure',
  restart: 'restart',
  stop: 'stop',
  start: 'start',
  scale: 'scale',
}

/** "Promote orders v1.2.0 to prod", "Roll back orders in prod to v1.1.0", "Restart orders in prod". */
export function promotionTitle({
  kind,
  application,
  environment,
  release,
}: Pick<PromotionSummary, 'kind' | 'application' | 'environment' | 'release'>): string {
  const where = environment.slug
  switch (kind) {
    case 'promote':
    case 'deploy':
      return `${kind === 'promote' ? 'Promote' : 'Deploy'} ${application.slug} ${release} to ${where}`
    case 'rollback':
      return `Roll back ${application.slug} in ${where} to ${release}`
    case 'config':
      return `Configure ${application.slug} in ${where}`
    default:
      return `${kind.charAt(0).toUpperCase()}${kind.slice(1)} ${application.slug} in ${where}`
  }
}

/** What a button names: the release, the revision, or the act itself. */
export function subjectWords({ kind, release, plan }: Pick<PromotionView, 'kind' | 'release' | 'plan'>): string {
  if (kind === 'config') return `r${plan.config.revision}`
  return bringsRelease(kind) ? release : `the ${kindWords[kind]}`
}

export function isWaiting(state: PromotionState): boolean {
  return state === 'requested' || state === 'approved'
}

export function isSettled(state: PromotionState): boolean {
  return !isWaiting(state) && state !== 'rolling_out'
}

/** Minutes and seconds of a clock: `04:07`, `1:04:07` from an hour on. */
export function clockWords(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const hours = Math.floor(seconds / 3600)
  const rest = [Math.floor((seconds % 3600) / 60), seconds % 60].map((part) => String(part).padStart(2, '0')).join(':')
  return hours > 0 ? `${hours}:${rest}` : rest
}
