// A background task of the software itself, submitted to one replica and watched until it ends.
import { judgeTask, type SeenTask } from '#lib/rollouts/task'
import type { RolloutRun } from '#lib/rollouts/internal/run'
import type { TaskProbe } from '#lib/tenants/component-spec'

const askMs = 5000
const betweenMs = 200
const mostBytes = 65_536

export interface TriedTask {
  hasPassed: boolean
  /** They go on from "its background task". */
  words: string
}

/** Never throws for what the software does. @param address host:port of a replica that is ready */
export async function tryTask(run: RolloutRun, address: string, probe: TaskProbe): Promise<TriedTask> {
  // Written one behind the other: a path of `//host` would lead elsewhere if it were resolved.
  const tasks = new URL(`http://${address}${probe.path}`)
  const submittedAt = performance.now()
  const submitted = await ask(run, tasks, probe.body)
  if (!submitted.isHeard) return failed(`could not be submitted: POST ${probe.path} ${submitted.reason}.`)
  const place = placeOf(tasks, submitted)
  if (place === undefined) return failed(`could not be followed: POST ${probe.path} answered neither its id nor where it is on the same host.`)
  // What it said last stands while it cannot say how the task is.
  let seen: SeenTask = { state: null, attempts: null }
  for (;;) {
    run.check()
    const heard = await ask(run, place)
    if (heard.isHeard) seen = seenIn(heard.json)
    const verdict = judgeTask(probe, seen, performance.now() - submittedAt)
    if (verdict.isOver) {
      const { hasPassed, words } = verdict
      return { hasPassed, words: heard.isHeard ? words : `${words} In the end GET ${place.pathname} ${heard.reason}.` }
    }
    await run.sleep(betweenMs)
  }
}

function failed(words: string): TriedTask {
  return { hasPassed: false, words }
}

type Answer = { isHeard: true; location: string | null; json: Record<string, unknown> } | { isHeard: false; reason: string }

/** POST where there is something to send. No redirect is followed, and no more is read than a task has to say. */
async function ask(run: RolloutRun, url: URL, body?: string): Promise<Answer> {
  const signal = AbortSignal.any([run.signal, AbortSignal.timeout(askMs)])
  const headers = { accept: 'application/json', 'user-agent': 'caisson-probe', ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
  try {
    const answer = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers,
      signal,
      ...(body === undefined ? {} : { body }),
    })
    const text = await readStart(answer)
    if (!answer.ok) return { isHeard: false, reason: `answered ${answer.status}` }
    return { isHeard: true, location: answer.headers.get('location'), json: objectIn(text) }
  } catch {
    run.check()
    return { isHeard: false, reason: signal.aborted ? `did not answer within ${askMs / 1000} s` : 'was not answered' }
  }
}

async function readStart(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of answer.body ?? []) {
    chunks.push(chunk)
    size += chunk.length
    if (size > mostBytes) break
  }
  return Buffer.concat(chunks).toString()
}

function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function placeOf(tasks: URL, { location, json }: { location: string | null; json: Record<string, unknown> }): URL | undefined {
  if (location !== null) {
    const place = URL.parse(location, tasks)
    return place?.origin === tasks.origin ? place : undefined
  }
  const { id } = json
  if ((typeof id !== 'string' || id === '') && typeof id !== 'number') return undefined
  const place = new URL(tasks)
  place.pathname = `${tasks.pathname.replace(/\/$/, '')}/${encodeURIComponent(id)}`
  return place
}

function seenIn(json: Record<string, unknown>): SeenTask {
  const { state, status, attempts } = json
  const said = state ?? status
  return { state: typeof said === 'string' ? said : null, attempts: typeof attempts === 'number' ? attempts : null }
}
