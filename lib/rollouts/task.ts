// Whether a background task that was submitted for a try began and ended (S4.22): pure over what was seen of it.
import type { TaskProbe } from '#lib/tenants/component-spec'

/** What the software says of a task; what it does not say is null. */
export interface SeenTask {
  state: string | null
  /** How often somebody took it up. */
  attempts: number | null
}

export type TaskVerdict = { isOver: false } | { isOver: true; hasPassed: boolean; words: string }

/**
 * A task has begun once it says that it was attempted, and nothing else counts as that; it has passed when it then ends in a state
 * of `ends`. `words` go on from "its background task".
 * @param elapsedMs since it was submitted
 */
export function judgeTask(probe: TaskProbe, seen: SeenTask, elapsedMs: number): TaskVerdict {
  const hasBegun = seen.attempts !== null && seen.attempts > 0
  const is = describe(seen)
  if (seen.state !== null && probe.fails.includes(seen.state)) return over(`ended badly: ${is}.`)
  if (seen.state !== null && probe.ends.includes(seen.state)) {
    if (!hasBegun) return over(`ended without having been started: ${is}.`)
    return { isOver: true, hasPassed: true, words: `was started and ended as ${seen.state} after ${secondsOf(elapsedMs)}.` }
  }
  if (!hasBegun && elapsedMs >= probe.startsWithinMs) return over(`was not started within ${secondsOf(probe.startsWithinMs)}: ${is}.`)
  if (elapsedMs >= probe.endsWithinMs) return over(`did not end within ${secondsOf(probe.endsWithinMs)}: ${is}.`)
  return { isOver: false }
}

function over(words: string): TaskVerdict {
  return { isOver: true, hasPassed: false, words }
}

function describe({ state, attempts }: SeenTask): string {
  const times = attempts === null ? 'it does not say how often it was attempted' : `attempted ${attempts} ${attempts === 1 ? 'time' : 'times'}`
  return `${state === null ? 'it says no state' : `state ${state}`}, ${times}`
}

function secondsOf(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`
}
