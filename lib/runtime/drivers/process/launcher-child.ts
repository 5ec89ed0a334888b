// The launcher of one replica: a process of its own session, so that it outlives whoever started it. It keeps the software
// running, writes down what happens, and ends it in order. It knows a folder and nothing else of Caisson.
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { constants } from 'node:os'
import { join } from 'node:path'
import { OutputFile } from '#lib/runtime/drivers/process/output-file'
import { isAlive, markOf } from '#lib/runtime/drivers/process/processes'
import { fileNames, readJson, writeJson, type Delivery, type Intent, type ReplicaRecord, type StopOrder } from '#lib/runtime/drivers/process/records'

/** Below what the kernel gives to outgoing connections. */
const ports = { first: 20_000, count: 12_000 }
const backoffMs = [1000, 2000, 4000, 8000, 16_000, 30_000]
/** A replica that lived for so long starts over with its backoff. */
const quietMs = 60_000
const crashLoopAfter = 5
const folderCheckMs = 5000

const folder = process.argv[2] ?? ''
// Everything that it is made of was loaded by now: that is all that was asked.
if (folder === '--try') process.exit(0)
const intent = readJson<Intent>(folder, fileNames.intent)
if (!intent) process.exit(1)
// Everything that it is given, or nothing: whoever started it may have ended half-way.
const delivery = JSON.parse(readFileSync(0, 'utf8')) as Delivery
if (!takeLock()) process.exit(0)

const output = new OutputFile(folder)
const { replicaId, component, digest, configHash, fencingToken } = intent
const record: ReplicaRecord = {
  replicaId,
  component,
  digest,
  configHash,
  fencingToken,
  launcher: markOf(process.pid),
  process: null,
  port: 0,
  state: 'starting',
  reason: '',
  startedAt: null,
  restarts: 0,
  lastExit: '',
}
let child: ChildProcess | undefined
const stopping = new AbortController()

process.on('SIGTERM', () => stopping.abort())
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})
process.on('uncaughtException', (error) => {
  killAll()
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
setInterval(endWithFolder, folderCheckMs).unref()

write({})
await keepRunning(intent)
takeSecretsAway()
if (stopping.signal.aborted) write({ state: 'exited', reason: 'stopped', process: null })
rmSync(join(folder, fileNames.lock), { force: true })
process.exit(0)

async function keepRunning(asked: Intent): Promise<void> {
  let deaths = 0
  while (!stopping.signal.aborted) {
    const startedAt = performance.now()
    const exit = await runOnce(asked)
    if (stopping.signal.aborted) return
    if (asked.runsOnce) {
      write({ state: 'exited', reason: exit === 'exit_0' ? 'completed' : exit, process: null, lastExit: exit })
      return
    }
    deaths = performance.now() - startedAt > quietMs ? 1 : deaths + 1
    write({ state: 'exited', reason: deaths >= crashLoopAfter ? 'crash_loop' : exit, process: null, lastExit: exit })
    await pause(backoffMs[Math.min(deaths, backoffMs.length) - 1] ?? 1000)
    if (!stopping.signal.aborted) write({ restarts: record.restarts + 1 })
  }
}

/** Until the software ended, by itself or because it was told to. */
async function runOnce(asked: Intent): Promise<string> {
  const port = await freePort(record.port)
  if (stopping.signal.aborted) return 'stopped'
  const fill = (text: string): string => text.replaceAll('${PORT}', String(port))
  const started = spawn(asked.command, asked.arguments.map(fill), {
    cwd: asked.dataDir,
    env: {
      ...Object.fromEntries(Object.entries(asked.environment).map(([key, value]) => [key, fill(value)])),
      ...deliverSecrets(),
    } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: what it started itself ends with it.
    detached: true,
  })
  child = started
  started.stdout.on('data', (chunk: Buffer) => output.write(chunk))
  started.stderr.on('data', (chunk: Buffer) => output.write(chunk))
  const ended = new Promise<string>((done) => {
    started.once('error', (error: NodeJS.ErrnoException) => {
      output.write(Buffer.from(`${error.message}\n`))
      if (started.pid === undefined) done(error.code === 'ENOENT' ? 'java_missing' : 'not_started')
    })
    started.once('exit', (code, signal) => done(signal ? `killed_${constants.signals[signal]}` : `exit_${code}`))
  })
  if (started.pid !== undefined) write({ state: 'running', reason: '', process: markOf(started.pid), port, startedAt: new Date().toISOString() })
  const stop = () => void end(started, asked)
  if (stopping.signal.aborted) stop()
  else stopping.signal.addEventListener('abort', stop)
  const exit = await ended
  stopping.signal.removeEventListener('abort', stop)
  killAll()
  child = undefined
  return exit
}

/** The secrets as environment; those that are wanted as files are written for the software alone, and named by path. */
function deliverSecrets(): Record<string, string> {
  takeSecretsAway()
  const inFiles = delivery.secrets.filter(({ deliver }) => deliver === 'file')
  const secrets = join(folder, fileNames.secrets)
  if (inFiles.length > 0) mkdirSync(secrets, { recursive: true, mode: 0o700 })
  return Object.fromEntries(
    delivery.secrets.map(({ key, value, deliver }) => {
      if (deliver === 'environment') return [key, value]
      const path = join(secrets, key)
      writeFileSync(path, value, { mode: 0o600, flag: 'wx' })
      return [key, path]
    }),
  )
}

function takeSecretsAway(): void {
  rmSync(join(folder, fileNames.secrets), { recursive: true, force: true })
}

/** Waits while what is under way ends, then SIGTERM, then SIGKILL. */
async function end(started: ChildProcess, asked: Intent): Promise<void> {
  const order = readJson<StopOrder>(folder, fileNames.stop)
  write({ state: 'stopping', reason: '' })
  await new Promise((done) => setTimeout(done, order?.drainMs ?? 0))
  started.kill('SIGTERM')
  setTimeout(killAll, order?.stopTimeoutMs ?? asked.stopTimeoutMs)
}

/** The software and what it started. */
function killAll(): void {
  if (child?.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Nothing of it is left.
  }
}

/** A folder that was taken away belongs to nobody any more, and neither does what runs for it. */
function endWithFolder(): void {
  if (existsSync(join(folder, fileNames.intent))) return
  killAll()
  takeSecretsAway()
  process.exit(1)
}

function write(change: Partial<ReplicaRecord>): void {
  endWithFolder()
  Object.assign(record, change)
  writeJson(folder, fileNames.record, record)
}

/** One launcher per folder. The file appears whole, by link(2); one whose owner is gone is taken over. */
function takeLock(): boolean {
  const path = join(folder, fileNames.lock)
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, JSON.stringify(markOf(process.pid)))
  try {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      try {
        linkSync(draft, path)
        return true
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
        if (isAlive(JSON.parse(readFileSync(path, 'utf8')) as ReturnType<typeof markOf>)) return false
        rmSync(path, { force: true })
      }
    }
    return false
  } finally {
    rmSync(draft, { force: true })
  }
}

/** The port it had while nobody else has it, else any that is free. */
async function freePort(wanted: number): Promise<number> {
  for (let port = wanted; ; port = ports.first + Math.floor(Math.random() * ports.count)) {
    if (port !== 0 && (await isFree(port))) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer()
    server.once('error', () => done(false))
    server.listen(port, () => server.close(() => done(true)))
  })
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms)
    stopping.signal.addEventListener('abort', () => {
      clearTimeout(timer)
      done()
    })
  })
}
