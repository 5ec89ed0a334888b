// `caisson up` as its own process tree on an empty directory, and the command line beside it.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '#lib/platform/postgres/embedded'
import { eventually } from '#lib/testing/eventually'

export interface Ended {
  code: number | null
  out: string
  err: string
}

export interface RunningCaisson {
  url: string
  /** Where it keeps everything. */
  dataDir: string
  /** Runs one command with nothing but these variables of its own, and `input` as its stdin. */
  caisson(args: readonly string[], options?: { env?: Record<string, string>; input?: string }): Promise<Ended>
  /** SIGTERM, its end, and its files. */
  stop(): Promise<void>
  /** SIGTERM and its end, then another start on the same files and the same port. */
  restart(): Promise<void>
}

export const adminAccount = { email: 'admin@northwind.test', password: 'a long enough password' }

/** The first start builds the pages, so give it minutes. */
export async function startCaisson(env: Record<string, string> = {}): Promise<RunningCaisson> {
  const dataDir = mkdtempSync(join(tmpdir(), 'caisson-run-'))
  const port = await freePort()
  const start = (): Promise<Server> =>
    startServer({
      CAISSON_DATA: dataDir,
      PORT: String(port),
      CAISSON_ADMIN_EMAIL: adminAccount.email,
      CAISSON_ADMIN_PASSWORD: adminAccount.password,
      ...env,
    })
  let server: Server | undefined
  const end = async (): Promise<void> => {
    server?.child.kill('SIGTERM')
    await server?.ended
    server = undefined
  }
  const stop = async (): Promise<void> => {
    await end()
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    server = await start()
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url: `http://127.0.0.1:${port}`,
    dataDir,
    caisson: (args, options = {}) => runCaisson(args, { ...options, env: { CAISSON_DATA: dataDir, ...options.env } }),
    stop,
    async restart() {
      await end()
      server = await start()
    },
  }
}

/** One command to its end, with these variables of ours and no others. */
export function runCaisson(args: readonly string[], { env = {}, input = '' }: { env?: Record<string, string>; input?: string } = {}): Promise<Ended> {
  const { child, ended } = begin(args, env)
  child.stdin.on('error', () => {}) // a command that reads nothing may be gone before this is written
  child.stdin.end(input)
  return ended
}

type Server = ReturnType<typeof begin>

async function startServer(env: Record<string, string>): Promise<Server> {
  const server = begin(['up'], env)
  try {
    await eventually('everything is ready', () => server.child.exitCode !== null || server.output().includes('Caisson is up'), 300_000)
    if (server.child.exitCode !== null) throw new Error(server.output())
    return server
  } catch (error) {
    server.child.kill('SIGTERM')
    await server.ended
    throw error
  }
}

function begin(args: readonly string[], env: Record<string, string>) {
  const own = Object.entries(process.env).filter(([name]) => !/^(CAISSON_|DATABASE_|PORT$|HOST$|XDG_CONFIG_HOME$)/.test(name))
  const child = spawn(process.execPath, ['bin/caisson.mjs', ...args], {
    env: { ...Object.fromEntries(own), ...env } as NodeJS.ProcessEnv,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const text = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString()))
  const ended = new Promise<Ended>((done) => child.once('close', (code) => done({ code, ...text })))
  return { child, ended, output: () => text.out + text.err }
}
