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
  /** Runs one command with nothing but these variables of its own, and `input` as its stdin. */
  caisson(args: readonly string[], options?: { env?: Record<string, string>; input?: string }): Promise<Ended>
  stop(): Promise<void>
}

export const adminAccount = { email: 'admin@northwind.test', password: 'a long enough password' }

/** The first start builds the pages, so give it minutes. */
export async function startCaisson(): Promise<RunningCaisson> {
  const dataDir = mkdtempSync(join(tmpdir(), 'caisson-run-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const server = begin(['up'], {
    CAISSON_DATA: dataDir,
    PORT: String(port),
    CAISSON_ADMIN_EMAIL: adminAccount.email,
    CAISSON_ADMIN_PASSWORD: adminAccount.password,
  })
  const stop = async (): Promise<void> => {
    server.child.kill('SIGTERM')
    await server.ended
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    await eventually(
      'everything is ready',
      () => {
        if (server.child.exitCode !== null) throw new Error(server.output())
        return server.output().includes('Caisson is up')
      },
      300_000,
    )
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url,
    async caisson(args, { env = {}, input = '' } = {}) {
      const { child, ended } = begin(args, { CAISSON_DATA: dataDir, ...env })
      child.stdin.on('error', () => {}) // a command that reads nothing may be gone before this is written
      child.stdin.end(input)
      return ended
    },
    stop,
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
