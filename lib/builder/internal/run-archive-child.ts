import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { readFrames, type Frame } from '#lib/builder/internal/frames'
import { Refusal, refusalCodes, type RefusalCode } from '#lib/platform/refusal'

export interface ChildLimits {
  /** Wall-clock time after which it is killed. */
  timeoutMs: number
  heapMiB: number
}

const refusalMessage = z.object({
  refusal: z.object({
    code: z.string().refine((code): code is RefusalCode => Object.hasOwn(refusalCodes, code)),
    words: z.string().max(5000),
    fix: z.string().max(5000).optional(),
  }),
})

/**
 * Runs the archive child and yields its frames. It has an empty environment, limits on heap and time, and Node's permission
 * model: it may read this source tree and the one file, write nothing, and start nothing.
 * @throws Refusal what the child refused; `unsafe_archive` when it did not get to an answer within its limits
 */
export async function* runArchiveChild(verb: 'inspect' | 'layers', jarPath: string, limits: ChildLimits, ...rest: string[]): AsyncGenerator<Frame> {
  const path = realpathSync(jarPath)
  const root = sourceRoot()
  const reads = [join(root, 'lib/*'), join(root, 'package.json'), path].map((allowed) => `--allow-fs-read=${allowed}`)
  const child = spawn(
    process.execPath,
    [
      '--permission',
      ...reads,
      '--disable-warning=SecurityWarning',
      `--max-old-space-size=${limits.heapMiB}`,
      // Young objects die at once here; a larger nursery only adds a hundred MiB to what 200,000 entries take.
      '--max-semi-space-size=4',
      join(root, childFile),
      verb,
      path,
      ...rest,
    ],
    { env: noEnvironment, stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' },
  )
  const complaint = keepStart(child)
  const closed = once(child, 'close')
  closed.catch(() => undefined)
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    child.kill('SIGKILL')
  }, limits.timeoutMs)
  try {
    for await (const frame of readFrames(child.stdout)) {
      if (frame.type === 'json') throwRefusal(frame.payload)
      yield frame
    }
    const [exitCode] = (await closed) as [number | null]
    if (exitCode !== 0) throw new Error(`the archive child ended with ${exitCode}: ${complaint()}`)
  } catch (cause) {
    if (cause instanceof Refusal) throw cause
    throw unanswered(isLate, limits, cause)
  } finally {
    clearTimeout(timer)
    child.kill('SIGKILL')
  }
}

function throwRefusal(payload: Buffer): void {
  const parsed = refusalMessage.safeParse(JSON.parse(payload.toString('utf8')))
  if (!parsed.success) return
  const { code, words, fix } = parsed.data.refusal
  throw new Refusal(code, words, fix === undefined ? {} : { fix })
}

function unanswered(isLate: boolean, limits: ChildLimits, cause: unknown): Refusal {
  const why = isLate ? `within ${Math.ceil(limits.timeoutMs / 1000)} seconds` : `within ${limits.heapMiB} MiB of memory`
  return new Refusal('unsafe_archive', `The archive could not be read ${why}.`, { fix: 'Build the JAR again with a standard tool.', cause })
}

/** The first words of standard error, for the log. */
function keepStart(child: ChildProcess): () => string {
  let text = ''
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
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
