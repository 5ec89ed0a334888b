import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countingApprovals, mayDecide, type ApprovalRules } from '#lib/promotions/approval'
import { testSeed } from '#lib/testing/seed'

const people = ['anna', 'ben', 'chloe', 'dan']
const person = fc.constantFrom(...people)
const plan = fc.constantFrom('now', 'before', 'elsewhere')
const time = fc.integer({ min: 0, max: 100 }).map((minutes) => new Date(minutes * 60_000))

const decision = fc.record({ approverId: person, decision: fc.constantFrom('approved', 'rejected'), planDigest: plan, expiresAt: time })
const rules = fc.record({
  required: fc.integer({ min: 1, max: 3 }),
  roles: fc.constant(['approver']),
  expiresAfterHours: fc.constant(24),
  fourEyes: fc.boolean(),
  excludesUploader: fc.boolean(),
  authenticatedWithinHours: fc.constant(12),
  acceptsEarlier: fc.boolean(),
})

describe('approvals', () => {
  it('count distinct people on this very plan, in time, and never whoever asked or uploaded where the policy says so', () => {
    const seed = testSeed('four eyes')
    const given = fc.record({
      decisions: fc.array(decision, { maxLength: 12 }),
      requestedBy: person,
      uploadedBy: fc.array(person, { maxLength: 2 }),
      now: time,
      rules,
    })
    fc.assert(
      fc.property(given, ({ decisions, requestedBy, uploadedBy, now, rules }) => {
        const counted = countingApprovals(decisions, { planDigest: 'now', requestedBy, uploadedBy, now }, rules)
        const ids = counted.map(({ approverId }) => approverId)
        expect(new Set(ids).size).toBe(ids.length)
        for (const one of counted) {
          expect(decisions).toContain(one)
          expect([one.decision, one.planDigest, one.expiresAt > now]).toEqual(['approved', 'now', true])
          if (rules.fourEyes) expect(one.approverId).not.toBe(requestedBy)
          if (rules.excludesUploader) expect(uploadedBy).not.toContain(one.approverId)
        }
        // Nobody who counts is forgotten.
        const eligible = people.filter(
          (id) =>
            mayDecide(id, { requestedBy, uploadedBy }, rules).allowed &&
            decisions.some((one) => one.approverId === id && one.decision === 'approved' && one.planDigest === 'now' && one.expiresAt > now),
        )
        expect(ids.toSorted()).toEqual(eligible.toSorted())
      }),
      { seed, numRuns: 5000 },
    )
  })

  it('say why somebody may not decide', () => {
    const four: ApprovalRules = {
      required: 1,
      roles: ['approver'],
      expiresAfterHours: 24,
      fourEyes: true,
      excludesUploader: true,
      authenticatedWithinHours: 12,
      acceptsEarlier: true,
    }
    expect(mayDecide('anna', { requestedBy: 'anna', uploadedBy: [] }, four)).toMatchObject({
      code: 'own_request',
      reason: expect.stringContaining('requested'),
    })
    expect(mayDecide('anna', { requestedBy: 'ben', uploadedBy: ['anna'] }, four)).toMatchObject({
      code: 'own_request',
      reason: expect.stringContaining('uploaded'),
    })
    expect(mayDecide('chloe', { requestedBy: 'ben', uploadedBy: ['anna'] }, four).allowed).toBe(true)
  })
})
