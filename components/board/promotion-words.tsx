import type { ReactNode } from 'react'
import { Status, statusIcons, type StatusTone } from '#components/ui/status'
import { stateWords, type PromotionState } from '#lib/promotions/promotion-state'

const tones: Record<PromotionState, StatusTone> = {
  requested: 'wait',
  approved: 'wait',
  rolling_out: 'run',
  completed: 'ok',
  failed: 'bad',
  errored: 'bad',
  rejected: 'bad',
  cancelled: 'off',
  expired: 'off',
  superseded: 'off',
}

/** Where a promotion stands, in running text. */
export function PromotionState({ state, outcome }: { state: PromotionState; outcome?: string }): ReactNode {
  return (
    <Status tone={tones[state]} plain icon={state === 'expired' ? statusIcons.clock : undefined} title={outcome || undefined}>
      {stateWords[state]}
    </Status>
  )
}
