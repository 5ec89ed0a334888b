import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Service {
  name: string
  /** Resolves when it said that it is ready; rejects when it ended before. */
  ready: Promise<void>
  /** SIGTERM, and SIGKILL after the limit; it is not started again. */
  stop(limitMs: number): Promise<void>
  readonly pid: number | undefined
}

/** How long a service that died waits before it is started again: doubles up to the last, starts over after a quiet minute. */
const backoffMs = [200, 500, 1000, 2000, 5000, 10_000]

/**
 * Keeps one child process running `file` until it is told to stop. The child says `{ ready: true }` over its channel.
 * @param file a TypeScript entry point, relative to bin/
 */
export function supervise(name: string, file: string, env: NodeJS.ProcessEnv, say: (line: string) => void): Service {
  let child: ChildProcess | undefined
  let isStopping = false
  let deaths = 0
  const first = Promise.withResolvers<void>()
  first.promise.catch(() => {})

  const start = (): void => {
    const startedAt = performance.now()
    child = fork(fileURLToPath(new URL(`../${file}`, import.meta.url)), [], {
      env: { ...env, CAISSON_SERVICE: name },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    child.on('message', (message) => {
      if ((message as { ready?: boolean }).ready) first.resolve()
    })
    child.once('exit', (code, signal) => void restart(startedAt, code, signal))
  }
  const restart = async (startedAt: number, code: number | null, signal: NodeJS.Signals | null): Promise<void> => {
    if (isStopping) return
    deaths = performance.now() - startedAt > 60_000 ? 1 : deaths + 1
    const wait = backoffMs[Math.min(deaths, backoffMs.length) - 1] ?? 200
    say(`${name} ended (${signal ?? `exit ${code}`}); starting it again in ${wait} ms`)
    if (deaths >= 5) first.reject(new Error(`${name} ended ${deaths} times before it was ready; its last words are above`))
    await sleep(wait)
    if (!isStopping) start()
  }
  start()
  return {
    name,
    ready: first.promise,
    get pid() {
      return child?.pid
    },
    async stop(limitMs) {
      isStopping = true
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise((done) => child?.once('exit', done))
      child.kill('SIGTERM')
      const kill = setTimeout(() => child?.kill('SIGKILL'), limitMs)
      await ended
      clearTimeout(kill)
    },
  }
}
