// `caisson up`: PostgreSQL → migrations and init → http → worker → gateway, each when the one before is ready.
import { createServer } from 'node:net'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { initialise } from '#bin/up/initialise'
import { takeLock } from '#bin/up/lock'
import { buildPagesWhenNeeded } from '#bin/up/pages'
import { refuseUnsafe } from '#bin/up/refuse-unsafe'
import { supervise, type Service } from '#bin/up/supervise'
import { secretKey } from '#lib/platform/keys'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '#lib/platform/postgres/embedded'
import { Refusal } from '#lib/platform/refusal'
import { processFacts, stopAllReplicas } from '#lib/runtime/drivers'
import { mayRun } from '#lib/runtime/runtime-facts'
import { dataPath, publicUrl, readSettings, type Settings } from '#lib/platform/settings'

const parts = { http: 'http.ts', worker: 'worker.ts', gateway: 'gateway.ts' } as const
type Part = keyof typeof parts

export interface UpOptions {
  /** Which parts this machine runs; all of them when absent. */
  services: readonly Part[]
  say: (line: string) => void
}

export function partsFrom(list: string | undefined): Part[] {
  if (list === undefined) return ['http', 'worker', 'gateway']
  const names = list.split(',').map((name) => (name.trim() === 'web' ? 'http' : name.trim()))
  const unknown = names.filter((name) => !Object.hasOwn(parts, name))
  if (unknown.length > 0) {
    throw new Refusal('invalid_input', `There is no service ${unknown.join(', ')}.`, { fix: 'Choose from web, worker, gateway.' })
  }
  return [...new Set(names)] as Part[]
}

/** Runs until SIGTERM or SIGINT; resolves when everything that it started has ended. */
export async function up({ services, say }: UpOptions): Promise<void> {
  const settings = readSettings()
  refuseUnsafe(settings)
  mkdirSync(dataPath(), { recursive: true })
  const unlock = takeLock()
  const stopping = Promise.withResolvers<string>()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.resolve(signal))
  const running: Service[] = []
  let postgres: KeptPostgres | undefined
  try {
    if (services.includes('http')) {
      await refuseTakenPort(settings)
      await buildPagesWhenNeeded(say)
    }
    postgres = settings.DATABASE_URL ? undefined : await keepPostgres(say)
    const databaseUrl = settings.DATABASE_URL ?? postgres?.url ?? ''
    const { admin, migrations } = await initialise(databaseUrl, settings)
    say(
      `Schema: ${migrations.applied.length === 0 ? 'nothing to apply' : `applied ${migrations.applied.join(', ')}`}; ${migrations.total} migrations in all.`,
    )
    const env = childEnvironment(settings, databaseUrl)
    for (const part of services) {
      const service = supervise(part, parts[part], env, say)
      running.push(service)
      const ended = await Promise.race([service.ready, stopping.promise])
      if (ended) return
    }
    greet(settings, admin, services, say)
    if (services.includes('worker')) await warnOfRuntime(say)
    await stopping.promise
    say('Stopping.')
  } finally {
    await stopEverything(running, postgres, say)
    unlock()
  }
}

/** The worker first: it would raise again what ends now. Then what it runs, then the doors, then what they all need. */
async function stopEverything(running: Service[], postgres: KeptPostgres | undefined, say: (line: string) => void): Promise<void> {
  const worker = running.find(({ name }) => name === 'worker')
  await worker?.stop(30_000)
  const replicas = worker ? await stopAllReplicas() : 0
  if (replicas > 0) say(`Stopped ${replicas} ${replicas === 1 ? 'replica' : 'replicas'}; the next start raises what is promised.`)
  await Promise.all(running.map((service) => service.stop(30_000)))
  await postgres?.stop()
}

async function refuseTakenPort(settings: Settings): Promise<void> {
  await new Promise<void>((done, fail) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => fail(portRefusal(error, settings)))
    probe.listen(settings.PORT, settings.HOST, () => probe.close(() => done()))
  })
}

function portRefusal(error: NodeJS.ErrnoException, settings: Settings): Refusal {
  const place = `${settings.HOST}:${settings.PORT}`
  if (error.code === 'EADDRINUSE') {
    return new Refusal('conflict', `Something else listens on ${place}.`, {
      fix: `Stop it, or start with another port: PORT=${settings.PORT + 1} npm start`,
    })
  }
  return new Refusal('invalid_input', `Cannot listen on ${place}: ${error.message}.`, { fix: 'Set HOST and PORT to an address of this machine.' })
}

function childEnvironment(settings: Settings, databaseUrl: string): NodeJS.ProcessEnv {
  // What only the first start and the migrations need is nothing that a service should hold.
  const { CAISSON_ADMIN_PASSWORD: _password, DATABASE_OWNER_URL: _owner, ...own } = process.env
  return {
    ...own,
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    CAISSON_DATA: dataPath(),
    PORT: String(settings.PORT),
    HOST: settings.HOST,
    NEXTAUTH_URL: publicUrl(settings),
    NEXTAUTH_SECRET: secretKey('session').toString('hex'),
  }
}

/** Everything but running applications works without it, so it is no reason not to start. */
async function warnOfRuntime(say: (line: string) => void): Promise<void> {
  const verdict = mayRun('process', await processFacts(), [])
  if (!verdict.allowed) say(`  ${verdict.reason} Nothing can run here until then. ${verdict.fix ?? ''}`)
}

interface KeptPostgres {
  url: string
  stop(): Promise<void>
}

/** PostgreSQL on a port that stays the same, started again when it dies. */
async function keepPostgres(say: (line: string) => void): Promise<KeptPostgres> {
  const portFile = dataPath('postgres.port')
  const wanted = existsSync(portFile) ? Number(readFileSync(portFile, 'utf8')) : 0
  let isStopping = false
  let current: EmbeddedPostgres
  const start = async (port: number): Promise<EmbeddedPostgres> => {
    const server = await startEmbeddedPostgres({ dataDir: dataPath('postgres'), isDurable: true, port, say })
    server.child.once('exit', (code, signal) => {
      if (isStopping) return
      say(`PostgreSQL ended (${signal ?? `exit ${code}`}); starting it again`)
      start(server.port).then(
        (next) => (current = next),
        (error: Error) => say(`PostgreSQL does not come back: ${error.message}`),
      )
    })
    return server
  }
  current = await start(wanted)
  writeFileSync(portFile, String(current.port))
  return {
    url: current.url,
    async stop() {
      isStopping = true
      await current.stop()
    },
  }
}

function greet(settings: Settings, admin: { email: string; password?: string }, services: readonly Part[], say: (line: string) => void): void {
  say(`Caisson is up${services.includes('http') ? ` at ${publicUrl(settings)}` : `: ${services.join(', ')}`}`)
  if (admin.password) {
    say(`  sign in as  ${admin.email}`)
    say(`  password    ${admin.password}    (shown once; change it under Account)`)
  }
}
