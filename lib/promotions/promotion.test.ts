import { describe, expect, it } from 'vitest'
import { requestPromotionInput } from '#lib/promotions/promotion'
import { mayPromotion, promotionStates, type PromotionAct } from '#lib/promotions/promotion-state'

// The drawing in domain.md ("Promotion"), state by state: which acts leave it.
const table: Record<(typeof promotionStates)[number], PromotionAct[]> = {
  requested: ['approve', 'reject', 'cancel', 'supersede', 'claim', 'expire'],
  approved: ['reject', 'cancel', 'supersede', 'claim', 'expire'],
  rolling_out: ['cancel', 'settle'],
  completed: ['rollBack'],
  failed: ['retry', 'rollBack'],
  errored: ['retry', 'rollBack'],
  rejected: ['askAgain'],
  cancelled: [],
  expired: ['askAgain'],
  superseded: [],
}
const acts: PromotionAct[] = ['approve', 'reject', 'cancel', 'supersede', 'claim', 'expire', 'settle', 'retry', 'askAgain', 'rollBack']

describe('the state table of a promotion', () => {
  for (const state of promotionStates) {
    it(`S2.12: lets a ${state} promotion be: ${table[state].join(', ') || 'left alone'}`, () => {
      for (const act of acts) {
        const verdict = mayPromotion(act, { state })
        expect(verdict.allowed, `${act} from ${state}`).toBe(table[state].includes(act))
        if (!verdict.allowed) expect(verdict).toMatchObject({ code: 'conflict', reason: expect.stringContaining(state.replace('_', ' ')) })
      }
    })
  }
})

describe('the request', () => {
  it('refuses what it does not know, and takes a number of replicas from 0 to 50', () => {
    const good = { application: 'orders', environment: 'prod' }
    expect(requestPromotionInput.safeParse(good).success).toBe(true)
    for (const bad of [
      {},
      { ...good, digest: 'x' },
      { ...good, kind: 'constructor' },
      { ...good, replicas: 51 },
      { ...good, replicas: 1.5 },
      { ...good, replicas: -1 },
    ]) {
      expect(requestPromotionInput.safeParse(bad).success).toBe(false)
    }
  })
})
