// One attempt at one rollout: who holds it, what it works with, and the only ways it reads and writes.
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import type { RolloutStep } from '#lib/platform/generated/client'
import { announce } from '#lib/platform/live-event'
import { demand } from '#lib/platform/refusal'
import type { PlanDocument } from '#lib/promotions/plan'
import type { ProbeResult, ReadinessProbe } from '#lib/readiness/readiness'
import { defaultLeaseMs, LeaseLost, lockHeld, passInto, renewLease, type Claimed, type HeldRow } from '#lib/rollouts/internal/lease'
import { mayEnter, readPhase, type RolloutPhase } from '#lib/rollouts/phases'
import type { DesiredState, RuntimeDriver } from '#lib/runtime/driver'

/** What the runtime room gives: injected, so that a rollout is the same on every runtime and in every test. */
export interface RolloutParts {
  driverFor: (runtimeKind: string) => RuntimeDriver
  probe: (address: string, probe: ReadinessProbe, signal: AbortSignal) => Promise<ProbeResult>
  /** The stable address; none where the runtime has one of its own. */
  gateway?: {
    host: string
    /** The port of (environment, application), assigned on first use. */
    assignPort: (tx: Tx, ctx: TenantContext, place: { environmentId: string; applicationId: string }) => Promise<number>
    /** Tells gateways, once the transaction commits, that replicas changed. */
    notifyRoutes: (tx: Tx) => Promise<void>
  }
  /** Aborted when the worker stops: the running step is left where it is, to be resumed. */
  signal: AbortSignal
  leaseMs?: number
  /** Between leaving the gateway and SIGTERM. */
  drainMs?: number
  /** How long the stable address may take to answer after the last replica is ready. */
  gatewayPatienceMs?: number
  waits?: (attempt: number) => number
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>
}

export const defaultDrainMs = 2000

/** Thrown when the worker stops cleanly. */
export class Stopped extends Error {
  constructor() {
    super('the worker stops')
    this.name = 'Stopped'
  }
}

export class RolloutRun {
  readonly ctx: TenantContext
  readonly parts: RolloutParts
  readonly claimed: Claimed
  /** Aborts when the worker stops or the lease is lost; every effect gets it. */
  readonly signal: AbortSignal
  /** Whether somebody had asked to stop when the row was last looked at. */
  isCancelled: boolean
  readonly #lost = new AbortController()
  #heartbeat: NodeJS.Timeout | undefined

  constructor(ctx: TenantContext, parts: RolloutParts, claimed: Claimed) {
    this.ctx = ctx
    this.parts = parts
    this.claimed = claimed
    this.isCancelled = claimed.isCancelled
    this.signal = AbortSignal.any([parts.signal, this.#lost.signal])
  }

  get leaseMs(): number {
    return this.parts.leaseMs ?? defaultLeaseMs
  }

  /**
   * Renews the lease three times within its length; when it cannot for that long, this runner stops, whether it was refused or not
   * answered at all. By a clock that nobody sets.
   */
  startHeartbeat(): void {
    let renewedAt = this.claimed.claimedAtMs
    let isAsking = false
    const renew = async (): Promise<void> => {
      isAsking = true
      const askedAt = performance.now()
      const isOurs = await renewLease(this.ctx, this.claimed, this.leaseMs).catch(() => undefined)
      isAsking = false
      if (isOurs) renewedAt = askedAt
      if (isOurs === false) this.#lost.abort(new LeaseLost())
    }
    this.#heartbeat = setInterval(() => {
      const silentMs = performance.now() - renewedAt
      if (silentMs > this.leaseMs) this.#lost.abort(new LeaseLost())
      else if (silentMs >= this.leaseMs / 3 && !isAsking) void renew()
    }, this.leaseMs / 6)
  }

  stopHeartbeat(): void {
    clearInterval(this.#heartbeat)
  }

  /** Between steps: goes on only while the lease is ours and the worker runs. */
  check(): void {
    if (this.#lost.signal.aborted) throw new LeaseLost()
    if (this.parts.signal.aborted) throw new Stopped()
  }

  async sleep(ms: number): Promise<void> {
    await (this.parts.sleep ?? pause)(ms, this.signal)
    this.check()
  }

  /** One transaction of the holder of the lease. */
  write<T>(work: (tx: Tx, row: HeldRow) => Promise<T>): Promise<T> {
    return this.ctx.write((tx) => this.within(tx, (row) => work(tx, row)))
  }

  /** The same inside a transaction that had to lock something else first. */
  async within<T>(tx: Tx, work: (row: HeldRow) => Promise<T>): Promise<T> {
    const row = await lockHeld(tx, this.claimed)
    this.isCancelled = row.cancelledAt !== null
    return work(row)
  }

  /** From one phase into the next; answers the next. */
  async pass<P extends RolloutPhase>(from: RolloutPhase, phase: P): Promise<P> {
    this.check()
    demand(mayEnter(from, phase))
    this.isCancelled = await passInto(this.ctx, this.claimed, from, phase)
    return phase
  }

  /** The same in one transaction with what is written with it. */
  async enter<P extends RolloutPhase>(phase: P, work: (tx: Tx, row: HeldRow) => Promise<void>): Promise<P> {
    this.check()
    return this.write(async (tx, row) => {
      demand(mayEnter(readPhase(row.phase).phase, phase))
      await writePhase(tx, this.claimed.rolloutId, row, phase)
      await work(tx, row)
      await this.announce(tx)
      return phase
    })
  }

  async announce(tx: Tx): Promise<void> {
    await announce(tx, this.ctx.tenant.id, 'rollout', this.claimed.promotionId)
  }

  async notifyRoutes(tx: Tx): Promise<void> {
    await this.parts.gateway?.notifyRoutes(tx)
  }
}

export type Step = Pick<RolloutStep, 'id' | 'ordinal' | 'wave' | 'component' | 'act' | 'replicaId' | 'digest' | 'state' | 'detail'>

/** What the whole run works on, read once after the claim. */
export interface Work {
  run: RolloutRun
  driver: RuntimeDriver
  desired: DesiredState
  kind: string
  releaseId: string
  /** As it is stored, and what was approved of it. */
  planText: string
  planDigest: string
  plan: PlanDocument
  /** Of each component, the Java release that its JAR needs at least; null where none was inspected. */
  javaLevels: ReadonlyMap<string, number | null>
  /** As they are stored, once they were planned or read. */
  steps?: Step[]
}

/** Writes a phase and the database's time of entering it. */
export async function writePhase(tx: Tx, rolloutId: string, row: HeldRow, phase: RolloutPhase): Promise<void> {
  const times = { ...(JSON.parse(row.phaseTimes) as Record<string, string>), [phase]: row.now.toISOString() }
  await tx.$executeRaw`update rollout set phase = ${phase}, phase_times = ${JSON.stringify(times)} where id = ${rolloutId}`
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    if (signal.aborted) done()
    else signal.addEventListener('abort', done)
  })
}
