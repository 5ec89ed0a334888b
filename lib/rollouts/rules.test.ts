import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Refusal } from '#lib/platform/refusal'
import { judgeError, maxAttempts, RolloutFailure, waitAfterMs, waitsMs } from '#lib/rollouts/attempts'
import { mayEnter, nextPhases, readPhase, rolloutPhases } from '#lib/rollouts/phases'
import { planSteps } from '#lib/rollouts/plan-steps'
import { runsOnly } from '#lib/rollouts/where'
import type { DesiredState, ObservedReplica } from '#lib/runtime/driver'
import { defaultComponentSpec } from '#lib/tenants/component-spec'
import { testSeed } from '#lib/testing/seed'

describe('the phases of a rollout', () => {
  it('S4.32: are these seven, and only the transitions of the table are legal', () => {
    expect(rolloutPhases).toEqual(['created', 'downloading', 'downloaded', 'verified', 'applying', 'applied', 'failed'])
    for (const from of rolloutPhases) {
      for (const to of rolloutPhases) expect(mayEnter(from, to).allowed).toBe((nextPhases[from] as readonly string[]).includes(to))
    }
    expect(nextPhases.failed).toEqual([])
    expect(nextPhases.applied).toEqual([])
  })

  it('S4.13: a phase that this version does not know reads as failed, with words on what to do', () => {
    expect(readPhase('quantum')).toMatchObject({ isKnown: false, phase: 'failed', message: expect.stringMatching(/“quantum”.*not resumed.*retry/) })
    expect(readPhase('toString')).toMatchObject({ isKnown: false })
    expect(readPhase('applying')).toEqual({ isKnown: true, phase: 'applying' })
  })
})

describe('the budget of attempts', () => {
  it('S4.33: is three, with waits of 5, 15 and 45 seconds', () => {
    expect(maxAttempts).toBe(3)
    expect([1, 2, 3].map(waitAfterMs)).toEqual([...waitsMs])
    expect(waitAfterMs(9)).toBe(45_000)
  })

  it('S4.34: a no of the software is terminal, a runtime that is away may come back, a broken invariant is ours', () => {
    expect(judgeError(new RolloutFailure('replica_not_ready', 'x')).kind).toBe('failed')
    expect(judgeError(new Refusal('unsupported', 'x')).kind).toBe('failed')
    expect(judgeError(new Refusal('runtime_unavailable', 'x', { fix: 'Do y.' }))).toEqual({
      kind: 'retryable',
      reason: 'runtime_unavailable',
      message: 'x Do y.',
    })
    expect(judgeError(new Error('read ECONNRESET')).kind).toBe('retryable')
    expect(judgeError(new TypeError('x')).kind).toBe('errored')
  })
})

const digests = { old: `sha256:${'a'.repeat(64)}`, fresh: `sha256:${'b'.repeat(64)}` }

function wanted(replicas: number, maxUnavailable: number, maxSurge: number): DesiredState {
  const target = { tenantId: 't', tenant: 't', environmentId: 'e', environment: 'e', applicationId: 'a', application: 'a' }
  const component = { name: 'app', repository: 't/a', digest: digests.fresh, spec: defaultComponentSpec, replicas, environment: {}, jvmArguments: [] }
  return { target, configHash: 'h', components: [component], strategy: { maxUnavailable, maxSurge } }
}

function seen(id: string, digest: string, state: ObservedReplica['state'] = 'running'): ObservedReplica {
  return { replicaId: id, component: 'app', digest, configHash: 'h', state, reason: '', address: '', startedAt: null, restarts: 0 }
}

describe('the steps of a rollout', () => {
  it('end at what is wanted, never more than maxSurge over nor maxUnavailable under it, from any start', () => {
    const cases = fc.record({
      replicas: fc.integer({ min: 0, max: 6 }),
      maxUnavailable: fc.integer({ min: 0, max: 3 }),
      maxSurge: fc.integer({ min: 0, max: 3 }),
      before: fc.array(fc.record({ isFresh: fc.boolean(), isDead: fc.boolean() }), { maxLength: 7 }),
      replacesAll: fc.boolean(),
    })
    fc.assert(
      fc.property(cases, ({ replicas, maxUnavailable, maxSurge, before, replacesAll }) => {
        fc.pre(maxUnavailable + maxSurge > 0)
        const desired = wanted(replicas, maxUnavailable, maxSurge)
        const observed = before.map(({ isFresh, isDead }, n) => seen(`o${n}`, isFresh ? digests.fresh : digests.old, isDead ? 'exited' : 'running'))
        let made = 0
        const steps = planSteps(desired, observed, { replacesAll, newReplicaId: () => `n${(made += 1)}` })
        const live = new Map(observed.map((one) => [one.replicaId, one]))
        const serving = () => [...live.values()].filter(({ state }) => state === 'running').length
        const floor = Math.min(serving(), replicas - maxUnavailable)
        const ceiling = Math.max(serving(), replicas + maxSurge)
        for (const step of steps) {
          if (step.act === 'start') live.set(step.replicaId, seen(step.replicaId, step.digest))
          else live.delete(step.replicaId)
          if (replicas > 0) expect(serving()).toBeGreaterThanOrEqual(floor)
          expect(serving()).toBeLessThanOrEqual(ceiling)
        }
        expect(runsOnly(desired, [...live.values()], true)).toBe(true)
        if (replacesAll) expect([...live.keys()].every((id) => id.startsWith('n'))).toBe(true)
        expect(steps.map(({ ordinal }) => ordinal)).toEqual(steps.map((_, n) => n))
      }),
      { seed: testSeed('steps of a rollout'), numRuns: 500 },
    )
  })

  it('do nothing where everything is right, and take one replica after another by default', () => {
    const newReplicaId = () => 'n'
    expect(planSteps(wanted(2, 0, 1), [seen('a', digests.fresh), seen('b', digests.fresh)], { replacesAll: false, newReplicaId })).toEqual([])
    const steps = planSteps(wanted(2, 0, 1), [seen('a', digests.old), seen('b', digests.old)], { replacesAll: false, newReplicaId })
    expect(steps.map(({ act, wave }) => `${act} ${wave}`)).toEqual(['start 0', 'stop 1', 'start 2', 'stop 3'])
  })
})
