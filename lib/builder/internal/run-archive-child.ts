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

/** What the child is told first, besides the file that it may read. */
export interface ArchiveJob {
  /** Newest Java release that a class file may claim. */
  newestJava: number
  /** SHA-256 (hex) of stretches of the file that were hashed before, by `offset length`. */
  hashes: [stretch: string, hash: string][]
}

const defaultHeapMiB = 192
/** One that no JAR came for is ended after a minute. */
const spareMs = 60_000

/**
 * The archive child, which reads a JAR from now on. It has an empty environment, limits on heap and time, and Node's permission
 * model: it may read this source tree and the one file, write nothing, and start nothing. It ends with this process.
 */
export class ArchiveChild {
  readonly #started: Started
  readonly #limits: ChildLimits
  readonly #path: string
  readonly #closed: Promise<unknown[]>
  readonly #complaint: () => string
  readonly #timers: NodeJS.Timeout[]
  #lateMs = 0

  constructor(jarPath: string, job: ArchiveJob, limits: ChildLimits) {
    this.#path = realpathSync(jarPath)
    this.#limits = limits
    this.#started = takeSpare(this.#path, limits.heapMiB) ?? start(this.#path, limits.heapMiB)
    const { child } = this.#started
    child.stdin.write(`${JSON.stringify(job)}\n`)
    this.#complaint = keepStart(child.stderr)
    this.#closed = once(child, 'close')
    this.#closed.catch(() => undefined)
    this.#timers = [limits.firstWordMs, limits.lastWordMs].map((ms) =>
      setTimeout(() => {
        this.#lateMs = ms
        child.kill('SIGKILL')
      }, ms),
    )
  }

  /**
   * What it says, once.
   * @param known sources of layers that are there already: it says so instead of making them
   * @throws Refusal what the child refused; `unsafe_archive` when it did not get to an answer within its limits
   */
  async *frames(known: readonly string[]): AsyncGenerator<Frame> {
    const { child } = this.#started
    child.stdin.end(`${JSON.stringify(known)}\n`)
    try {
      for await (const frame of readFrames(child.stdout)) {
        clearTimeout(this.#timers[0])
        if (frame.type === 'json') throwRefusal(frame.payload)
        yield frame
      }
      const [exitCode] = (await this.#closed) as [number | null]
      if (exitCode !== 0) throw new Error(`the archive child ended with ${exitCode}: ${this.#complaint()}`)
    } catch (cause) {
      if (cause instanceof Refusal) throw cause
      throw unanswered(this.#lateMs, this.#limits, cause)
    } finally {
      this.close()
    }
  }

  /** Ends it, however far it came. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    const { child } = this.#started
    child.kill('SIGKILL')
    for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.destroy()
    if (this.#started.path !== this.#path) rmSync(this.#started.path, { force: true })
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
  // One that could not start says nothing, and one that listens no more says why by its exit.
  child.on('error', () => {})
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
