// What benches run on: a PostgreSQL of their own that waits for the disk, an empty data directory, peers as processes.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildPagesWhenNeeded } from '#bin/up/pages'
import { closeDatabase, database } from '#lib/platform/database'
import { freePort, startEmbeddedPostgres } from '#lib/platform/postgres/embedded'
import { migrate } from '#lib/platform/postgres/migrate'

export interface Stage extends AsyncDisposable {
  dir: string
  databaseUrl: string
}

/** Sets `DATABASE_URL` and `CAISSON_DATA`; what the worker tells of the runtime is there, so that promotions pass. */
export async function openStage(): Promise<Stage> {
  const dir = mkdtempSync(join(tmpdir(), 'caisson-bench-'))
  chmodSync(dir, 0o755) // PostgreSQL runs as its own user when root starts it
  const server = await startEmbeddedPostgres({ dataDir: join(dir, 'postgres'), isDurable: true })
  process.env['DATABASE_URL'] = server.url
  process.env['CAISSON_DATA'] = join(dir, 'data')
  await migrate(server.url)
  const facts = { at: new Date(), java: { version: '28', level: 28 }, memoryMiB: 1_048_576, launcher: 'ok', gateway: 'ok' }
  await database().pool.query(`insert into platform_setting values ('runtime:process', $1)`, [JSON.stringify(facts)])
  return {
    dir,
    databaseUrl: server.url,
    async [Symbol.asyncDispose]() {
      await closeDatabase()
      await server.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Installs what a peer needs, by its script in bench/peers. */
export function provide(peer: string): void {
  const { status } = spawnSync('bash', [join(import.meta.dirname, 'peers', `${peer}.sh`)], { stdio: 'inherit' })
  if (status !== 0) throw new Error(`bench/peers/${peer}.sh could not provide the peer`)
}

/** Runs a command to its end and answers what it printed; throws with what it complained of. */
export function run(command: string, args: readonly string[], options: { cwd?: string; input?: string; env?: Record<string, string> } = {}): string {
  const { env = {}, ...rest } = options
  const { status, stdout, stderr, error } = spawnSync(command, args, { ...rest, env: { ...process.env, ...env }, encoding: 'utf8' })
  if (error) throw error
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${(stderr || stdout).slice(-2000)}`)
  return stdout
}

/** The same without blocking this process, for what talks to a server in it. */
export async function runBeside(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const text = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${text.err || text.out}`)
  return text.out
}

export interface Server extends AsyncDisposable {
  child: ChildProcess
  /** The end of what it wrote. */
  lastWords: () => string
}

/** A server as a process of its own, once its port takes connections. */
export async function startServer(command: string, args: readonly string[], port: number, env: Record<string, string> = {}): Promise<Server> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  let lastWords = ''
  const keep = (chunk: Buffer) => (lastWords = (lastWords + chunk.toString()).slice(-4000))
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const ended = once(child, 'close').catch(() => {})
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  for (let waited = 0; !(await takesConnections(port)); waited += 50) {
    if (child.exitCode !== null || child.pid === undefined || waited > 60_000) {
      await stop()
      throw new Error(`${command} did not start: ${lastWords}`)
    }
    await sleep(50)
  }
  return { child, lastWords: () => lastWords, [Symbol.asyncDispose]: stop }
}

/** Pages and API as `caisson up` starts them, built when their sources changed. */
export async function startHttp(): Promise<Server & { url: string }> {
  await buildPagesWhenNeeded((line) => console.log(line))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const server = await startServer(process.execPath, ['bin/http.ts'], port, { PORT: String(port), CAISSON_URL: url, NODE_ENV: 'production' })
  return { ...server, url }
}

/** A file of ours as a process beside this one, on the same stage. */
export function startChild(file: string): AsyncDisposable {
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'inherit', 'inherit'] })
  const ended = once(child, 'close').catch(() => {})
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => done(true)).once('error', () => done(false))
    socket.once('connect', () => socket.destroy())
  })
}
