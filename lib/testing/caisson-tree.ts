// `caisson up` on a directory of its own, and every process that belongs to it: to be used, stopped, killed in part or as a whole.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '#lib/platform/postgres/embedded'
import { eventually } from '#lib/testing/eventually'

// oxlint-disable-next-line typescript/no-explicit-any -- answers of every shape
export type Answer = any
export type ServiceName = 'http' | 'worker' | 'gateway'

const patienceMs = 60_000

export class CaissonTree {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'caisson-tree-'))
  readonly admin = { email: 'admin@northwind.test', password: 'a long enough password' }
  #port = 0
  #child: ChildProcess | undefined
  #output: string[] = []

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get output(): string {
    return this.#output.join('')
  }

  get exitCode(): number | null {
    return this.#child?.exitCode ?? null
  }

  /** The first start of a clone builds the pages. */
  async start(): Promise<void> {
    this.#port ||= await freePort()
    const own = Object.entries(process.env).filter(([name]) => !/^(CAISSON_|DATABASE_|PORT$|HOST$)/.test(name))
    const child = spawn(process.execPath, ['bin/caisson.mjs', 'up'], {
      env: {
        ...(Object.fromEntries(own) as NodeJS.ProcessEnv),
        CAISSON_DATA: this.dataDir,
        PORT: String(this.#port),
        CAISSON_ADMIN_EMAIL: this.admin.email,
        CAISSON_ADMIN_PASSWORD: this.admin.password,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => this.#output.push(chunk.toString()))
    const isReady = async () => {
      if (child.exitCode !== null) throw new Error(this.output)
      return ((await (await fetch(`http://127.0.0.1:${this.#port}/ready`)).json()) as { status: string }).status === 'ready'
    }
    await eventually('everything is ready', isReady, 300_000)
  }

  async stop(): Promise<void> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await new Promise((done) => child.once('exit', done))
  }

  forget(): void {
    rmSync(this.dataDir, { recursive: true, force: true })
  }

  /**
   * Sends a request of the API and gives its body; throws on anything but success. On a busy machine the database may not answer in
   * time: what was not begun for that is asked for again.
   */
  async call(bearer: string, method: string, path: string, body?: unknown): Promise<Answer> {
    for (const end = performance.now() + patienceMs; ;) {
      const { status, found } = await this.#send(bearer, method, path, body)
      if (status < 400) return found
      const mayPass = status === 503 && String(found.detail).startsWith('Caisson is unavailable') && !(body instanceof Readable)
      if (!mayPass || performance.now() > end) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(found)}`)
      await sleep(200)
    }
  }

  async #send(bearer: string, method: string, path: string, body: unknown): Promise<{ status: number; found: Answer }> {
    const isStream = body instanceof Readable
    const answer = await fetch(`http://127.0.0.1:${this.#port}/api/v1${path}`, {
      method,
      headers: {
        ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
        ...(body === undefined || isStream ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : isStream ? { body: Readable.toWeb(body), duplex: 'half' } : { body: JSON.stringify(body) }),
    } as RequestInit)
    return { status: answer.status, found: await answer.json() }
  }

  /** Of a service that runs now. */
  pidOf(service: ServiceName): number {
    const [pid] = pidsWhere(({ cmdline, environ }) => cmdline.includes(`bin/${service}.ts`) && environ.includes(`CAISSON_DATA=${this.dataDir}\0`))
    if (pid === undefined) throw new Error(`no ${service} runs`)
    return pid
  }

  /** How the services reach PostgreSQL. */
  databaseUrl(): string {
    const environ = readFileSync(`/proc/${this.pidOf('worker')}/environ`, 'utf8')
    return /(?:^|\0)DATABASE_URL=([^\0]+)/.exec(environ)?.[1] ?? ''
  }

  /** Replica → its process. */
  replicas(): Map<string, number> {
    return this.#byReplica('CAISSON_REPLICA_ID')
  }

  /** SIGKILL to the supervisor, every service and PostgreSQL, at once; replicas and their launchers stay. */
  async crash(): Promise<void> {
    const postgres = this.postgresPids().slice(0, 1)
    const pids = [this.#supervisor(), ...(['http', 'worker', 'gateway'] as const).map((service) => this.pidOf(service)), ...postgres]
    for (const pid of pids) process.kill(pid, 'SIGKILL')
    await eventually('all of it is gone', () => !pidsWhere(() => true).some((pid) => pids.includes(pid)))
  }

  /** PostgreSQL itself first, then its processes; none while it is away. */
  postgresPids(): number[] {
    const supervisor = this.#supervisor()
    const [server] = pidsWhere(({ cmdline, parent }) => parent === supervisor && /\/postgres\0/.test(cmdline))
    return server === undefined ? [] : [server, ...pidsWhere(({ parent }) => parent === server)]
  }

  #supervisor(): number {
    return Number(readFileSync(join(this.dataDir, 'up.pid'), 'utf8').split(' ')[0])
  }

  #byReplica(variable: string): Map<string, number> {
    const found = new Map<string, number>()
    pidsWhere(({ environ, pid }) => {
      const id = new RegExp(`(?:^|\\0)${variable}=([^\\0]+)`).exec(environ)?.[1]
      if (id && environ.includes(`HOME=${this.dataDir}/`)) found.set(id, pid)
      return false
    })
    return found
  }
}

interface Seen {
  pid: number
  parent: number
  cmdline: string
  environ: string
}

/** Numbers of the living processes of this machine that a question answers yes to. */
export function pidsWhere(isIt: (one: Seen) => boolean): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [state, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
        if (state === 'Z' || state === 'X') return false
        const [cmdline, environ] = [readFileSync(`/proc/${pid}/cmdline`, 'utf8'), readFileSync(`/proc/${pid}/environ`, 'utf8')]
        return isIt({ pid, parent: Number(parent), cmdline, environ })
      } catch {
        // It ended meanwhile, or is somebody else's.
        return false
      }
    })
}
