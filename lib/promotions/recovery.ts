// How long a recovery took: from the stop that somebody asked for to verified, against the target of the environment.
import { z } from 'zod'
import type { PersonView } from '#lib/promotions/promotion'
import type { PromotionState } from '#lib/promotions/promotion-state'

export const listRecoveriesInput = z.strictObject({ application: z.string().min(1).max(100), environment: z.string().min(1).max(100).optional() })

export interface RecoveryView {
  promotionId: string
  environment: string
  release: string
  /** What it went back from; '' where that is not known. */
  from: string
  requestedBy: PersonView
  /** When the clock began. */
  startedAt: string
  state: PromotionState
  /** null while it runs, and where it was never verified. */
  recoveryMs: number | null
  targetSeconds: number
  reason: string
  incident: string
}

export interface RecoveryHistory {
  /** The newest 100, newest first. */
  items: RecoveryView[]
  /** Of the verified ones: half and nine of ten took no longer; null without any. */
  p50Ms: number | null
  p90Ms: number | null
  /** How many were verified, and how many of them within their target. */
  verified: number
  withinTarget: number
}

/** The nearest rank: a value that was measured, never one between two. */
export function percentile(values: readonly number[], percent: number): number | null {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? null
}
