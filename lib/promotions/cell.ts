import { z } from 'zod'
import type { BoardCell, BoardColumn } from '#lib/promotions/board'
import type { GateResult } from '#lib/promotions/gates'
import type { PersonView, PromotionSummary } from '#lib/promotions/promotion'
import type { Verdict } from '#lib/platform/refusal'

export const cellInput = z.strictObject({ application: z.string().max(100), environment: z.string().max(100) })

export interface NextRelease {
  release: string
  digest: string
  createdAt: string
  createdBy: PersonView
  kind: 'promote' | 'deploy'
  /** What blocks or is awaited, failing first; empty when it may go now. */
  blockedBy: GateResult[]
}

/** One application in one environment: now, in flight, next, recent. */
export interface CellView {
  application: { slug: string; name: string; componentCount: number }
  environment: BoardColumn
  now: BoardCell
  /** When a freeze closes this place next, and when it opens where one closes it now and an end is known. */
  closesAt: string | null
  opensAt: string | null
  /** The stable address of the running application, '' where the runtime gives none. */
  address: string
  replicas: { id: string; component: string; digest: string; state: string; reason: string; startedAt: string | null; observedAt: string }[]
  inFlight: PromotionSummary | null
  next: NextRelease[]
  recent: PromotionSummary[]
  may: { request: Verdict; rollBack: Verdict; operate: Verdict; editOverlay: Verdict; hold: Verdict }
}
