'use client'
import { useEffect, useState } from 'react'
import { problemOf, Problem } from '#components/api'

/** How much of a log a page keeps; the whole is a download. */
const keptLines = 2000

export interface LogTail {
  lines: readonly string[]
  /** `ended`: the replica writes no more. */
  state: 'connecting' | 'following' | 'ended'
  problem: Problem | null
}

const nothing: LogTail = { lines: [], state: 'connecting', problem: null }

/**
 * Follows a log as it is written.
 * @param address under `/api/v1`, with its query; null follows nothing
 * @param attempt another number connects anew
 */
export function useLogTail(address: string | null, attempt: number): LogTail {
  const source = `${attempt} ${address ?? ''}`
  const [tail, setTail] = useState({ source, ...nothing })
  useEffect(() => {
    if (address === null) return undefined
    const control = new AbortController()
    const show = (change: (old: LogTail) => Partial<LogTail>): void =>
      setTail((old) => {
        const base = old.source === source ? old : nothing
        return { ...base, ...change(base), source }
      })
    void follow(address, control.signal, show)
    return () => control.abort()
  }, [address, source])
  return tail.source === source ? tail : nothing
}

async function follow(address: string, signal: AbortSignal, show: (change: (old: LogTail) => Partial<LogTail>) => void): Promise<void> {
  try {
    const response = await fetch(`/api/v1${address}`, { signal, credentials: 'same-origin', cache: 'no-store' })
    if (!response.ok || !response.body) throw await problemOf(response)
    show(() => ({ state: 'following' }))
    let rest = ''
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      const pieces = (rest + value).split(/\r?\n/)
      rest = pieces.pop() ?? ''
      if (pieces.length > 0) show(({ lines }) => ({ lines: [...lines, ...pieces].slice(-keptLines) }))
    }
    show(({ lines }) => ({ state: 'ended', lines: rest === '' ? lines : [...lines, rest] }))
  } catch (error) {
    if (signal.aborted) return
    const lost = new Problem({ status: 0, code: 'network', detail: 'The log broke off.', fix: 'Follow it again.' }, error)
    show(() => ({ state: 'ended', problem: error instanceof Problem ? error : lost }))
  }
}
