import { appendOwnEntry } from '#lib/audit/commands/append-own-entry'
import { platformLog } from '#lib/audit/entry'
import { actorId, createContext, type Context } from '#lib/platform/context'
import { log } from '#lib/platform/log'
import { Refusal } from '#lib/platform/refusal'
import { withoutSecrets } from '#lib/platform/without-secrets'

export interface DenialInput {
  /** The verb or route that was refused. */
  action: string
  subject: { kind: string; id: string; name?: string }
  refusal: Refusal
}

/** One actor's refusals that are written one by one in a minute; those beyond are counted into one entry. */
export const mostDenialsPerMinute = 60
const windowMs = 60_000
const longestReason = 1000

interface Window {
  ctx: Context
  startedAt: number
  written: number
  counted: Map<string, number>
  timer: NodeJS.Timeout | undefined
}

const shared = globalThis as typeof globalThis & { __caissonDenials?: Map<string, Window> }

/** On globalThis, because Next bundles a copy of this module. */
function windows(): Map<string, Window> {
  return (shared.__caissonDenials ??= new Map())
}

/**
 * Writes one *denied* entry to the log of the actor, in a transaction of its own: the refused one left nothing. Beyond
 * {@link mostDenialsPerMinute} they are counted, and one entry with the count follows when the minute is over.
 * Refuses with `unavailable` when it cannot be written.
 */
export async function recordDenial(ctx: Context, input: DenialInput): Promise<void> {
  const key = `${ctx.tenant?.id ?? platformLog} ${actorId(ctx.actor)}`
  const now = ctx.now().getTime()
  const standing = windows().get(key)
  if (standing && now - standing.startedAt >= windowMs) await settleWindow(key, standing)
  const window = windows().get(key) ?? openWindow(key, ctx, now)
  if (window.written >= mostDenialsPerMinute) {
    const what = `${input.action} ${input.refusal.code}`
    window.counted.set(what, (window.counted.get(what) ?? 0) + 1)
    return
  }
  window.written += 1
  await write(ctx, input)
}

/** Writes the counts that wait for the end of their minute: for the end of a process. */
export async function flushDenials(): Promise<void> {
  await Promise.all([...windows()].map(([key, window]) => settleWindow(key, window)))
}

async function write(ctx: Context, { action, subject, refusal }: DenialInput): Promise<void> {
  // What was refused may hold a token where a name belongs, and the log is for ever.
  const reason = withoutSecrets(`${refusal.code}: ${refusal.message}`).slice(0, longestReason)
  const named = subject.name === undefined ? {} : { name: withoutSecrets(subject.name) }
  const told = { ...subject, id: withoutSecrets(subject.id), ...named }
  await orUnavailable(appendOwnEntry(ctx, { action, subject: told, outcome: 'denied', reason }))
}

function openWindow(key: string, ctx: Context, startedAt: number): Window {
  // The count belongs to no single request, so it gets a request id of its own.
  const window: Window = {
    ctx: createContext({ actor: ctx.actor, tenant: ctx.tenant, now: () => ctx.now() }),
    startedAt,
    written: 0,
    counted: new Map(),
    timer: undefined,
  }
  windows().set(key, window)
  armTimer(key, window)
  return window
}

function armTimer(key: string, window: Window): void {
  window.timer = setTimeout(() => {
    settleWindow(key, window).catch((error: unknown) => log.error({ error: String(error) }, 'counted denials could not be written'))
  }, windowMs)
  window.timer.unref()
}

/** Ends a window; a count that cannot be written stays in it, and the next refusal tries again before it is answered. */
async function settleWindow(key: string, window: Window): Promise<void> {
  if (windows().get(key) === window) windows().delete(key)
  clearTimeout(window.timer)
  const counted = [...window.counted]
  if (counted.length === 0) return
  window.counted = new Map()
  const count = counted.reduce((sum, [, times]) => sum + times, 0)
  const after = { count, from: new Date(window.startedAt), refused: Object.fromEntries(counted) }
  const subject = { kind: 'actor', id: actorId(window.ctx.actor) }
  const reason = `rate_limited: more than ${mostDenialsPerMinute} refusals within a minute are counted, not listed.`
  try {
    await orUnavailable(appendOwnEntry(window.ctx, { action: 'denials.counted', subject, outcome: 'denied', after, reason }))
  } catch (error) {
    const keeper = windows().get(key) ?? window
    for (const [what, times] of counted) keeper.counted.set(what, (keeper.counted.get(what) ?? 0) + times)
    if (keeper === window) {
      windows().set(key, window)
      armTimer(key, window)
    }
    throw error
  }
}

async function orUnavailable(writing: Promise<void>): Promise<void> {
  try {
    await writing
  } catch (cause) {
    throw new Refusal('unavailable', 'The audit log cannot be written, so nothing is answered.', { fix: 'Try again shortly.', cause })
  }
}
