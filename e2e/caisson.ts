// The server as a person starts it, one for a whole run of journeys, with the people that they need.
import { spawn, type ChildProcess } from 'node:child_process'
import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

export const password = 'a long enough password'
export const adminEmail = 'admin@northwind.test'
const [
  older = 'node_modules/wiremock-previous/build/wiremock-standalone-3.13.1.jar',
  newer = 'node_modules/wiremock/build/wiremock-standalone-3.13.2.jar',
] = process.env['CAISSON_E2E_JARS']?.split(':') ?? []
/** Two releases of one program: WireMock, or those that `CAISSON_E2E_JARS=OLDER:NEWER` names. */
export const jars = { older, newer }

export interface Caisson {
  url: string
  child: ChildProcess
  dataDir: string
  stop(): Promise<void>
}

/** With more settings than the journeys of every day need. */
export async function startCaisson(settings: Record<string, string> = {}): Promise<Caisson> {
  const dataDir = mkdtempSync(join(tmpdir(), 'caisson-e2e-'))
  const port = await anyPort()
  const { DATABASE_URL: _url, ...inherited } = process.env
  const child = spawn(process.execPath, ['bin/caisson.mjs', 'up'], {
    env: {
      ...inherited,
      CAISSON_DATA: dataDir,
      PORT: String(port),
      CAISSON_ADMIN_EMAIL: adminEmail,
      CAISSON_ADMIN_PASSWORD: password,
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: string[] = []
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()))
  const url = `http://localhost:${port}`
  for (let waited = 0; ; waited += 250) {
    if (child.exitCode !== null || waited > 300_000) {
      child.kill('SIGTERM')
      throw new Error(`the server did not start:\n${output.join('')}`)
    }
    const state = await fetch(`${url}/ready`).then(
      (answer) => answer.json() as Promise<{ status: string }>,
      () => undefined,
    )
    if (state?.status === 'ready') break
    await sleep(250)
  }
  const stop = async (): Promise<void> => {
    const ended = new Promise((done) => child.once('exit', done))
    if (child.exitCode === null && child.kill('SIGTERM')) await ended
    rmSync(dataDir, { recursive: true, force: true })
  }
  return { url, child, dataDir, stop }
}

/** Speaks to the API as one person. */
export class Api {
  readonly #base: string
  readonly #token: string

  private constructor(base: string, token: string) {
    this.#base = base
    this.#token = token
  }

  static async signIn(url: string, email: string): Promise<Api> {
    const answer = await fetch(`${url}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    })
    if (!answer.ok) throw new Error(`${email} cannot sign in: ${await answer.text()}`)
    return new Api(`${url}/api/v1`, ((await answer.json()) as { token: string }).token)
  }

  /** The parsed answer; throws with the words of a problem. */
  async send<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(this.#base + path, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }

  async upload(application: string, name: string, jar: string): Promise<void> {
    const answer = await fetch(`${this.#base}/tenants/main/applications/${application}/releases?name=${name}&fileName=wiremock.jar`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#token}` },
      body: Readable.toWeb(createReadStream(jar)),
      duplex: 'half',
    } as RequestInit)
    if (!answer.ok) throw new Error(`upload: ${answer.status} ${await answer.text()}`)
  }
}

/** Invites somebody into `main` with roles, and accepts for them. */
export async function addPerson(url: string, admin: Api, email: string, roles: string[]): Promise<void> {
  const invitation = await admin.send<{ token: string }>('POST', '/tenants/main/invitations', { email, roles })
  const answer = await fetch(`${url}/api/v1/invitations/${invitation.token}/acceptances`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: email.slice(0, email.indexOf('@')), password }),
  })
  if (!answer.ok) throw new Error(`${email} cannot join: ${await answer.text()}`)
}

function anyPort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => done(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
