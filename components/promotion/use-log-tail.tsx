'use client'
import { useEffect, useState } from 'react'
import { problemOf, Problem } from '#components/api'

/** How much of a log a page keeps; the whole is a download. */
const keptLines = 2000
const pauseMs = 1500

/** What turns a terminal to colours (ECMA-48, SGR and its kin); a page shows the words. */
const colours = new RegExp(String.raw`\u001b\[[0-9;?]*[A-Za-z]`, 'g')

export interface LogTail {
  lines: readonly string[]
  /** `ended`: the replica writes no more. */
  state: 'connecting' | 'following' | 'ended'
  problem: Problem | null
}

const nothing: LogTail = { lines: [], state: 'connecting', problem: null }
type Show = (change: Partial<LogTail>) => void

/**
 * Follows a log as it is written.
 * @param address under `/api/v1`, with its query; null follows nothing
 * @param isRising the replica may not have written yet: a log that ends is asked for again until it is there to stay
 */
export function useLogTail(address: string | null, isRising: boolean): LogTail & { again: () => void } {
  const [attempt, setAttempt] = useState(0)
  // A fragment is never sent: it only tells one attempt from the next.
  const source = address === null ? null : `${address}#${attempt}`
  const [tail, setTail] = useState({ source, ...nothing })
  useEffect(() => {
    if (source === null) return undefined
    const control = new AbortController()
    const show: Show = (change) => setTail((old) => ({ ...(old.source === source ? old : nothing), ...change, source }))
    void followOn(source, isRising, control.signal, show)
    return () => control.abort()
  }, [source, isRising])
  const shown = tail.source === source ? tail : nothing
  return { ...shown, again: () => setAttempt(attempt + 1) }
}

async function followOn(address: string, isRising: boolean, signal: AbortSignal, show: Show): Promise<void> {
  while (!signal.aborted) {
    const problem = await follow(address, signal, show).then(
      () => null,
      (error: unknown) =>
        error instanceof Problem ? error : new Problem({ status: 0, code: 'network', detail: 'The log broke off.', fix: 'Follow it again.' }, error),
    )
    if (signal.aborted) return
    if (!isRising) return show({ state: 'ended', problem })
    await new Promise((done) => setTimeout(done, pauseMs))
  }
}

/** One answer from its first line to its end; the lines before stay until it has some of its own. */
async function follow(address: string, signal: AbortSignal, show: Show): Promise<void> {
  const response = await fetch(`/api/v1${address}`, { signal, credentials: 'same-origin', cache: 'no-store' })
  if (!response.ok || !response.body) throw await problemOf(response)
  show({ state: 'following', problem: null })
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let lines: string[] = []
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    const pieces = (rest + (value ?? '')).replaceAll(colours, '').split(/\r?\n/)
    rest = done ? '' : (pieces.pop() ?? '')
    const written = done && pieces.at(-1) === '' ? pieces.slice(0, -1) : pieces
    if (written.length > 0) {
      lines = [...lines, ...written].slice(-keptLines)
      show({ lines })
    }
    if (done) return
  }
}
