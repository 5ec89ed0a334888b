import { readFileSync } from 'node:fs'

/** A process of this machine: a number is used again, number and start time are not. */
export interface ProcessMark {
  pid: number
  startTime: string
}

export function markOf(pid: number): ProcessMark {
  return { pid, startTime: startTimeOf(pid) }
}

/**
 * Whether this very process lives. With a replica id, its environment must name it too; a zombie does not live.
 * Without /proc (not Linux), that a process has the number must do.
 */
export function isAlive(mark: ProcessMark | null, replicaId?: string): boolean {
  if (!mark || mark.startTime === '' || startTimeOf(mark.pid) !== mark.startTime) return false
  if (replicaId === undefined || mark.startTime === withoutProc) return true
  try {
    return readFileSync(`/proc/${mark.pid}/environ`, 'utf8').split('\0').includes(`CAISSON_REPLICA_ID=${replicaId}`)
  } catch {
    return false
  }
}

/** Sends a signal to this very process; it is no error when it is gone. */
export function signalProcess(mark: ProcessMark | null, signal: NodeJS.Signals): void {
  if (!mark || !isAlive(mark)) return
  try {
    process.kill(mark.pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

const withoutProc = 'alive'

/** Field 22 of /proc/PID/stat (proc(5)); '' when there is no such process, or only what is left of it. */
function startTimeOf(pid: number): string {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    return fields[0] === 'Z' || fields[0] === 'X' ? '' : (fields[19] ?? '')
  } catch {
    return process.platform === 'linux' ? '' : answers(pid)
  }
}

function answers(pid: number): string {
  try {
    process.kill(pid, 0)
    return withoutProc
  } catch {
    return ''
  }
}
