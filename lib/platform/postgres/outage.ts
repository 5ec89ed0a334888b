// The time in which PostgreSQL is away: how it is noticed, and what whoever asks meanwhile is told.
import { Refusal } from '#lib/platform/refusal'

const broken =
  /^(?:Client has encountered a connection error|Connection terminated|Can't reach database server|timeout exceeded when trying to connect)|Code: `57P0[123]`/
/** P2028: a transaction that could not begin in time, or that did not end in it. */
const codes = new Set(['P1001', 'P1002', 'P1017', 'P2028', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03'])

/** The refusal for work that lost its database half-way: it may have been committed, and nobody knows. undefined for other errors. */
export function lostDatabase(error: unknown): Refusal | undefined {
  const { code, message, syscall } = (error ?? {}) as { code?: unknown; message?: unknown; syscall?: unknown }
  // ENOENT: the socket of a server that ended goes with it.
  const isGone = syscall === 'connect' && code === 'ENOENT'
  const isLost = isGone || (typeof code === 'string' && codes.has(code)) || (typeof message === 'string' && broken.test(message))
  if (!isLost) return undefined
  return new Refusal('unavailable', 'The database went away while this was done.', {
    fix: 'Look whether it was done before you ask again; Caisson goes on by itself when its database answers.',
    cause: error,
  })
}

/** The refusal for what is asked while the database does not answer: none of it was begun. */
export function databaseIsAway(): Refusal {
  return new Refusal('unavailable', 'Caisson is unavailable: its database does not answer. Applications that run go on.', {
    fix: 'Try again in a moment; it goes on by itself when its database answers.',
  })
}

/** Rejects when `work` takes longer: a server that is frozen refuses nothing. The work itself goes on. */
export async function within<T>(work: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(databaseIsAway()), limitMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Whether the database answers, asked at most once every `holdMs` and for no longer than `limitMs`, however many want to know.
 * @param ask any query; it fails or hangs while the database is away
 */
export function databaseWatch(ask: () => Promise<unknown>, { limitMs = 2000, holdMs = 1000 } = {}): () => Promise<boolean> {
  let last: { at: number; isThere: Promise<boolean> } | undefined
  let pending = 0
  return () => {
    if (last && performance.now() - last.at < holdMs) return last.isThere
    // Questions that hang keep their connection: a few are enough to hear it when it comes back.
    if (last && pending >= 3) return last.isThere
    pending += 1
    const asked = ask().finally(() => (pending -= 1))
    const current = {
      at: performance.now(),
      isThere: within(asked, limitMs).then(
        () => true,
        () => false,
      ),
    }
    // One that hung and was answered at last says that it is there again.
    asked.then(() => last && (last = { at: performance.now(), isThere: Promise.resolve(true) })).catch(() => {})
    last = current
    return current.isThere
  }
}
