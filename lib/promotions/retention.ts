// Which releases of an application are kept: the newest N, and whatever something needs (S2.20). Pure.
import { z } from 'zod'
import type { Verdict } from '#lib/platform/refusal'

const application = z.string().min(1).max(63)
export const retentionInput = z.strictObject({ application })
export const setRetentionInput = z.strictObject({ application, keep: z.int().min(1).max(1000) })
export const pruneInput = z.strictObject({
  application,
  /** Names as the preview listed them; another list by now is `plan_moved`, and nothing is pruned. */
  releases: z.array(z.string().max(100)).min(1).max(1000),
})
export const pinInput = z.strictObject({ application, release: z.string().max(100), reason: z.string().trim().min(1).max(500) })
export const unpinInput = pinInput.omit({ reason: true })

export interface RetentionFacts {
  id: string
  name: string
  sequence: number
  /** Why it is needed, as parts of a sentence; empty where nothing needs it. */
  needs: string[]
  isPruned: boolean
}

export interface RetentionJudgement {
  release: string
  id: string
  outcome: 'kept' | 'pruned' | 'would_prune'
  /** One sentence. */
  reason: string
}

/** Newest first. What was pruned before does not count among the newest N. */
export function judgeRetention(keep: number | null, releases: readonly RetentionFacts[]): RetentionJudgement[] {
  let newest = 0
  return releases
    .toSorted((left, right) => right.sequence - left.sequence)
    .map(({ id, name, needs, isPruned }) => {
      const base = { release: name, id }
      if (isPruned) return { ...base, outcome: 'pruned', reason: 'Its images were pruned; its history and its proofs stay.' }
      newest += 1
      if (needs.length > 0) return { ...base, outcome: 'kept', reason: `It ${needs.join(', and ')}.` }
      if (keep === null) return { ...base, outcome: 'kept', reason: 'No rule says how many are kept.' }
      if (newest <= keep) return { ...base, outcome: 'kept', reason: `It is among the newest ${keep}.` }
      return { ...base, outcome: 'would_prune', reason: `It is older than the newest ${keep}, and nothing needs it.` }
    })
}

export interface RetentionView {
  application: string
  /** null: every release is kept. */
  keep: number | null
  updatedAt: string | null
  updatedBy: string
  /** Newest first. */
  releases: RetentionJudgement[]
  maySet: Verdict
  mayPin: Verdict
}
