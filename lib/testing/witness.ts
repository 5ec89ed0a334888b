// What the API says of deployments, sampled all the time, beside what the replicas themselves answer: whether it ever said more good
// of them than was true. And clients of an application, through its stable address.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Answer, CaissonTree } from '#lib/testing/caisson-tree'

const sampleMs = 200
const truthMs = 100

export interface Sample {
  application: string
  sentAt: number
  receivedAt: number
  /** 0: no answer at all. */
  status: number
  body: Answer
}

/** Times are of the monotonic clock, ms. */
export class Witness {
  readonly samples: Sample[] = []
  readonly #caisson: CaissonTree
  readonly #bearer: string
  readonly #applications: readonly string[]
  /** Replica → when it answered that it is ready. */
  readonly #ready = new Map<string, number[]>()
  readonly #asked: Promise<unknown>[] = []
  readonly #timers: NodeJS.Timeout[]

  constructor(caisson: CaissonTree, bearer: string, applications: readonly string[]) {
    this.#caisson = caisson
    this.#bearer = bearer
    this.#applications = applications
    this.#timers = [setInterval(() => this.#sample(), sampleMs), setInterval(() => this.#lookAtReplicas(), truthMs)]
  }

  /** Until every question was answered. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    await Promise.all(this.#asked)
  }

  /**
   * Every green lie among the samples: a replica that was called ready, or a deployment, and nothing of it had answered so within
   * `toleranceMs` before it was asked for: the time that a failure may take to be noticed.
   */
  lies(toleranceMs: number): string[] {
    const wasReady = (id: string, { sentAt, receivedAt }: Sample) =>
      (this.#ready.get(id) ?? []).some((at) => at >= sentAt - toleranceMs && at <= receivedAt)
    return this.samples.flatMap((sample) => {
      if (sample.status !== 200) return []
      const { application, body, sentAt } = sample
      const replicas: Answer[] = body.replicas
      const lying = replicas.filter(({ id, state }) => state === 'ready' && !wasReady(id, sample)).map(({ id }) => `${id} is ready`)
      const real = replicas.filter(({ id }) => wasReady(id, sample)).length
      if (body.state === 'ready' && real < body.wantedReplicas) lying.push(`ready, where ${real} of ${body.wantedReplicas} were`)
      return lying.map((words) => `${application} at ${Math.round(sentAt)}: ${words}`)
    })
  }

  /** Whether a replica answered so, to the witness itself, at any time. */
  sawReady(replica: string): boolean {
    return this.#ready.has(replica)
  }

  /** Of an application, in the order in which they were asked. */
  of(application: string): Sample[] {
    return this.samples.filter((one) => one.application === application).toSorted((a, b) => a.sentAt - b.sentAt)
  }

  #sample(): void {
    for (const application of this.#applications) this.#asked.push(this.#ask(application))
  }

  async #ask(application: string): Promise<void> {
    const sentAt = performance.now()
    const url = `${this.#caisson.url}/api/v1/tenants/main/environments/dev/applications/${application}/deployment`
    const answer = await fetch(url, { headers: { authorization: `Bearer ${this.#bearer}` }, signal: AbortSignal.timeout(60_000) })
      .then(async (response) => ({ status: response.status, body: await response.json() }))
      .catch((error: unknown) => ({ status: 0, body: String(error) }))
    this.samples.push({ application, sentAt, receivedAt: performance.now(), ...answer })
  }

  #lookAtReplicas(): void {
    for (const folder of globSync(join(this.#caisson.dataDir, 'runtime/targets/main/dev/*/r-*'))) this.#asked.push(this.#lookAt(folder))
  }

  async #lookAt(folder: string): Promise<void> {
    try {
      const { replicaId, port } = JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8')) as { replicaId: string; port: number }
      const { ok } = await fetch(`http://127.0.0.1:${port}/ready`, { signal: AbortSignal.timeout(1000) })
      if (ok) this.#ready.set(replicaId, [...(this.#ready.get(replicaId) ?? []), performance.now()])
    } catch {
      // Not ready, then.
    }
  }
}

/** Clients that ask an address for its root, so many times a second, until they are stopped. */
export class Clients {
  readonly failures: string[] = []
  readonly answers = new Map<string, number>()
  readonly #asked: Promise<void>[] = []
  readonly #timer: NodeJS.Timeout

  constructor(address: string, perSecond = 20) {
    this.#timer = setInterval(() => this.#asked.push(this.#ask(address)), 1000 / perSecond)
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all(this.#asked)
  }

  async #ask(address: string): Promise<void> {
    try {
      const response = await fetch(address, { signal: AbortSignal.timeout(20_000) })
      const text = await response.text()
      if (!response.ok) throw new Error(`${response.status} ${text}`)
      this.answers.set(text, (this.answers.get(text) ?? 0) + 1)
    } catch (error) {
      this.failures.push(String(error))
    }
  }
}
