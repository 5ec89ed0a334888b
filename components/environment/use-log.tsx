'use client'
import { useEffect, useState } from 'react'
import { Problem, problemOf } from '#components/api'

/** Lines that a page keeps; older ones are in the download. */
export const keptLines = 2000
const flushMs = 200

/** Colours and movements for a terminal (ECMA-48, CSI), which a page would print as letters. */
const controlSequence = new RegExp(String.raw`\u001b\[[0-9;?]*[ -/]*[@-~]`, 'g')

export interface LogState {
  lines: readonly string[]
  phase: 'opening' | 'following' | 'ended' | 'failed'
  problem: Problem | null
}

const opening: LogState = { lines: [], phase: 'opening', problem: null }

/** Reads a log under `/api/v1{path}` as it is written; whoever uses it is keyed by both, so that another log begins empty. */
export function useLog(path: string, isFollowing: boolean): LogState {
  const [state, setState] = useState(opening)
  useEffect(() => {
    const gone = new AbortController()
    read(`/api/v1${path}?tail=${keptLines}${isFollowing ? '&follow=true' : ''}`, gone.signal, setState).catch((error: unknown) => {
      if (gone.signal.aborted) return
      const problem =
        error instanceof Problem ? error : new Problem({ status: 0, code: 'network', detail: 'The output broke off.', fix: 'Read it again.' }, error)
      setState(({ lines }) => ({ lines, phase: 'failed', problem }))
    })
    return () => gone.abort()
  }, [path, isFollowing])
  return state
}

async function read(url: string, signal: AbortSignal, set: (state: LogState) => void): Promise<void> {
  const response = await fetch(url, { credentials: 'same-origin', cache: 'no-store', signal })
  if (!response.ok || !response.body) throw await problemOf(response)
  let lines: string[] = []
  let rest = ''
  let timer: ReturnType<typeof setTimeout> | undefined
  const show = (phase: LogState['phase']): void => {
    timer = undefined
    if (!signal.aborted) set({ lines: rest === '' ? lines : [...lines, rest], phase, problem: null })
  }
  show('following')
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const parts = (rest + part.value).split('\n')
    rest = parts.pop() ?? ''
    lines = [...lines, ...parts.map((line) => line.replace(controlSequence, '').replace(/\r$/, ''))].slice(-keptLines)
    // A burst is one drawing, not a thousand.
    timer ??= setTimeout(() => show('following'), flushMs)
  }
  clearTimeout(timer)
  show('ended')
}
