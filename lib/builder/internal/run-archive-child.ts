import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, linkSync, realpathSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Socket } from 'node:net'
import { z } from 'zod'
import { readFrames, type Frame } from '#lib/builder/internal/frames'
import { Refusal, refusalCodes, type RefusalCode } from '#lib/platform/refusal'

export interface ChildLimits {
  /** Wall-clock time to its first word, and to its last. */
  firstWordMs: number
  lastWordMs: number
  heapMiB: number
}

/** What the child is told, besides the file that it may read. */
export interface ArchiveJob {
  /** Newest Java release that a class file may claim. */
  newestJava: number
  /** Sources of layers that are there already: it says so instead of making them. */
  known: string[]
  /** SHA-256 (hex) of stretches of the file that were hashed before, by `offset length`. */
  hashes: [stretch: string, hash: string][]
}

const defaultHeapMiB = 192
/** One that no JAR came for is ended after a minute. */
const spareMs = 60_000

/**
 * Lets the archive child read a JAR and yields its frames. It has an empty environment, limits on heap and time, and Node's
 * permission model: it may read this source tree and the one file, write nothing, and start nothing. It ends with this process.
 * @throws Refusal what the child refused; `unsafe_archive` when it did not get to an answer within its limits
 */
export async function* runArchiveChild(jarPath: string, job: ArchiveJob, limits: ChildLimits): AsyncGenerator<Frame> {
  const path = realpathSync(jarPath)
  const started = takeSpare(path, limits.heapMiB) ?? start(path, limits.heapMiB)
  const { child } = started
  child.stdin.end(JSON.stringify(job))
  const complaint = keepStart(child.stderr)
  const closed = once(child, 'close')
  closed.catch(() => undefined)
  let lateMs = 0
  const killAfter = (ms: number) =>
    setTimeout(() => {
      lateMs = ms
      child.kill('SIGKILL')
    }, ms)
  const timers = [killAfter(limits.firstWordMs), killAfter(limits.lastWordMs)]
  try {
    for await (const frame of readFrames(child.stdout)) {
      clearTimeout(timers[0])
      if (frame.type === 'json') throwRefusal(frame.payload)
      yield frame
    }
    const [exitCode] = (await closed) as [number | null]
    if (exitCode !== 0) throw new Error(`the archive child ended with ${exitCode}: ${complaint()}`)
  } catch (cause) {
    if (cause instanceof Refusal) throw cause
    throw unanswered(lateMs, limits, cause)
  } finally {
    for (const timer of timers) clearTimeout(timer)
    child.kill('SIGKILL')
    if (started.path !== path) rmSync(started.path, { force: true })
  }
}

interface Started {
  child: ChildProcess & { stdin: Socket; stdout: Socket; stderr: Socket }
  /** The one file that it may read. */
  path: string
}

let spare: (Started & { timer: NodeJS.Timeout }) | undefined

/**
 * Starts one child, unless one waits already, for whichever JAR of this folder is read next: starting takes longer than reading a
 * JAR of which little is new. It may read a name that nobody has, which becomes a second one of that JAR, and reads no other JAR ever.
 */
export function keepSpareChild(folder: string): void {
  if (spare) return void spare.timer.refresh()
  const started = start(join(realpathSync(folder), `spare-${randomBytes(12).toString('hex')}`), defaultHeapMiB)
  const waiting = { ...started, timer: setTimeout(() => started.child.kill('SIGKILL'), spareMs).unref() }
  for (const handle of handlesOf(started)) handle.unref()
  started.child.once('exit', () => {
    if (spare === waiting) spare = undefined
  })
  spare = waiting
}

function takeSpare(path: string, heapMiB: number): Started | undefined {
  const waiting = spare
  if (!waiting || heapMiB !== defaultHeapMiB || dirname(waiting.path) !== dirname(path)) return undefined
  try {
    linkSync(path, waiting.path)
  } catch {
    return undefined // a disk without second names
  }
  spare = undefined
  clearTimeout(waiting.timer)
  for (const handle of handlesOf(waiting)) handle.ref()
  return waiting
}

function handlesOf({ child }: Started) {
  return [child, child.stdin, child.stdout, child.stderr]
}

function start(path: string, heapMiB: number): Started {
  const root = sourceRoot()
  const reads = [join(root, 'lib/*'), join(root, 'package.json'), path].map((allowed) => `--allow-fs-read=${allowed}`)
  const child = spawn(
    process.execPath,
    [
      '--permission',
      ...reads,
      '--disable-warning=SecurityWarning',
      `--max-old-space-size=${heapMiB}`,
      // Young objects die at once here; a larger nursery only adds a hundred MiB to what 200,000 entries take.
      '--max-semi-space-size=4',
      join(root, childFile),
      path,
    ],
    { env: noEnvironment, stdio: 'pipe', cwd: '/' },
  ) as Started['child']
  // Its exit says why it listens no more.
  child.stdin.on('error', () => {})
  return { child, path }
}

function throwRefusal(payload: Buffer): void {
  const parsed = refusalMessage.safeParse(JSON.parse(payload.toString('utf8')))
  if (!parsed.success) return
  const { code, words, fix } = parsed.data.refusal
  throw new Refusal(code, words, fix === undefined ? {} : { fix })
}

const refusalMessage = z.object({
  refusal: z.object({
    code: z.string().refine((code): code is RefusalCode => Object.hasOwn(refusalCodes, code)),
    words: z.string().max(5000),
    fix: z.string().max(5000).optional(),
  }),
})

function unanswered(lateMs: number, limits: ChildLimits, cause: unknown): Refusal {
  const why = lateMs > 0 ? `within ${Math.ceil(lateMs / 1000)} seconds` : `within ${limits.heapMiB} MiB of memory`
  return new Refusal('unsafe_archive', `The archive could not be read ${why}.`, { fix: 'Build the JAR again with a standard tool.', cause })
}

/** The first words of standard error, for the log. */
function keepStart(output: Socket): () => string {
  let text = ''
  output.setEncoding('utf8').on('data', (chunk: string) => {
    if (text.length < 4000) text += chunk
  })
  return () => text.slice(0, 4000)
}

/** Next's types ask for NODE_ENV in every environment. */
const noEnvironment = {} as NodeJS.ProcessEnv
const childFile = 'lib/builder/internal/archive-child.ts'

/** Where the sources are: Next bundles this module to another folder, and its process was started from bin/. */
function sourceRoot(): string {
  const candidates = [join(import.meta.dirname ?? '', '../../..'), join(dirname(process.argv[1] ?? ''), '..'), process.cwd()]
  const root = candidates.find((candidate) => existsSync(join(candidate, childFile)))
  if (root === undefined) throw new Error(`${childFile} is not where this program was started`)
  return realpathSync(root)
}
