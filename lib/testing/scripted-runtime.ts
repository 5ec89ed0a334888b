// A runtime in memory that does what a test says, and writes down every effect that really happened.
import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from '#lib/platform/refusal'
import type { ProbeResult } from '#lib/readiness/readiness'
import type { DesiredComponent, DesiredState, ObservedReplica, RuntimeDriver, RuntimeStep, RuntimeTarget } from '#lib/runtime/driver'
import { renderManifests } from '#lib/runtime/render-manifests'

export interface Effect {
  act: 'start' | 'stop'
  replicaId: string
  fencingToken: bigint
  /** Replicas that were ready after it. */
  readyAfter: number
}

export type Behaviour = 'ready' | 'never_ready' | 'exits' | 'completes'

export class ScriptedRuntime implements RuntimeDriver {
  readonly kind = 'process'
  readonly effects: Effect[] = []
  readonly replicas = new Map<string, ObservedReplica & { targetKey: string; behaviour: Behaviour }>()
  /** How a replica that is started now turns out. */
  behaviour: (digest: string, nth: number, component: string) => Behaviour = () => 'ready'
  /** Where it is reached. */
  addressOf: (nth: number) => string = (nth) => `127.0.0.1:${20_000 + nth}`
  isAvailable = true
  javaLevel = 28
  /** Called before each method takes effect; may throw or never return. */
  before: (method: string) => Promise<void> = async () => {}
  #tokens = new Map<string, bigint>()
  #count = 0

  async check(): Promise<{ isAvailable: true } | { isAvailable: false; reason: string; fix: string }> {
    return this.isAvailable ? { isAvailable: true } : { isAvailable: false, reason: 'The test took the runtime away.', fix: 'Give it back.' }
  }

  async accepts({ name }: DesiredComponent, { javaLevel }: { javaLevel: number | null }): ReturnType<RuntimeDriver['accepts']> {
    if (javaLevel !== null && javaLevel <= this.javaLevel) return { accepted: true }
    return { accepted: false, reason: `${name} needs Java ${javaLevel}.`, fix: 'Give it a newer one.' }
  }

  render(desired: DesiredState): string {
    return renderManifests(this.kind, desired)
  }

  async prepare(): Promise<void> {
    await this.#enter('prepare')
  }

  async apply(step: RuntimeStep, { fencingToken }: { fencingToken: bigint; signal: AbortSignal }): Promise<void> {
    await this.#enter(`apply ${step.act}`)
    const key = keyOf(step.target)
    const seen = this.#tokens.get(key) ?? 0n
    if (fencingToken < seen) throw new Refusal('conflict', `Token ${fencingToken} is older than ${seen}.`)
    this.#tokens.set(key, fencingToken)
    if (step.act === 'start') this.#start(step, key, fencingToken)
    else this.#stop(step.replicaId, fencingToken)
  }

  async observe(target: RuntimeTarget): Promise<ObservedReplica[]> {
    await this.#enter('observe')
    const key = keyOf(target)
    return [...this.replicas.values()]
      .filter(({ targetKey }) => targetKey === key)
      .map(({ targetKey: _key, behaviour: _behaviour, ...replica }) => ({ ...replica }))
  }

  async *logs(_target: RuntimeTarget, replicaId: string): AsyncIterable<string> {
    yield `hello from ${replicaId}\n`
  }

  async remove(target: RuntimeTarget): Promise<void> {
    for (const [id, { targetKey }] of this.replicas) if (targetKey === keyOf(target)) this.replicas.delete(id)
  }

  /** What a probe of an address answers. */
  readonly probe = async (address: string): Promise<ProbeResult> => {
    await sleep(1)
    const replica = [...this.replicas.values()].find((one) => one.address === address && one.state === 'running')
    if (!replica) return { isReady: false, reason: 'connection_refused' }
    return replica.behaviour === 'ready' ? { isReady: true } : { isReady: false, reason: 'http_503' }
  }

  /** A replica ends by itself. */
  end(replicaId: string, reason: string): void {
    const replica = this.replicas.get(replicaId)
    if (replica) Object.assign(replica, { state: 'exited', reason, restarts: replica.restarts + 1 })
  }

  idsOf(act: 'start' | 'stop'): string[] {
    return this.effects.filter((effect) => effect.act === act).map(({ replicaId }) => replicaId)
  }

  #start(step: Extract<RuntimeStep, { act: 'start' }>, targetKey: string, fencingToken: bigint): void {
    if (this.replicas.has(step.replicaId)) return
    this.#count += 1
    const behaviour = this.behaviour(step.component.digest, this.#count, step.component.name)
    this.replicas.set(step.replicaId, {
      targetKey,
      behaviour,
      replicaId: step.replicaId,
      component: step.component.name,
      digest: step.component.digest,
      configHash: step.configHash,
      state: behaviour === 'exits' || behaviour === 'completes' ? 'exited' : 'running',
      reason: behaviour === 'exits' ? 'exit_1' : behaviour === 'completes' ? 'completed' : '',
      address: this.addressOf(this.#count),
      startedAt: new Date(),
      restarts: 0,
    })
    this.#record('start', step.replicaId, fencingToken)
  }

  #stop(replicaId: string, fencingToken: bigint): void {
    if (this.replicas.delete(replicaId)) this.#record('stop', replicaId, fencingToken)
  }

  #record(act: Effect['act'], replicaId: string, fencingToken: bigint): void {
    const readyAfter = [...this.replicas.values()].filter(({ state, behaviour }) => state === 'running' && behaviour === 'ready').length
    this.effects.push({ act, replicaId, fencingToken, readyAfter })
  }

  async #enter(method: string): Promise<void> {
    await this.before(method)
    if (!this.isAvailable) throw new Refusal('runtime_unavailable', 'The test took the runtime away.', { fix: 'Give it back.' })
  }
}

function keyOf({ environmentId, applicationId }: RuntimeTarget): string {
  return `${environmentId} ${applicationId}`
}
