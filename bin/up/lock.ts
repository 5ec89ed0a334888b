import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { dataPath } from '#lib/platform/settings'
import { Refusal } from '#lib/platform/refusal'

/** One supervisor per data directory. Refuses while another lives. */
export function takeLock(): () => void {
  const taken = tryLock(dataPath('up.pid'))
  if ('unlock' in taken) return taken.unlock
  throw new Refusal('conflict', `Caisson runs here already, as process ${taken.owner}.`, {
    fix: `Use that one, stop it with \`kill ${taken.owner}\`, or give this one another CAISSON_DATA and PORT.`,
  })
}

/** The lock of this file, or the process that has it; one whose owner is gone is taken over. */
export function tryLock(path: string): { unlock: () => void } | { owner: number } {
  mkdirSync(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, `${process.pid} ${startTimeOf(process.pid)}`)
  try {
    for (let attempt = 0; ; attempt += 1) {
      try {
        linkSync(draft, path)
        return { unlock: () => rmSync(path, { force: true }) }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 5) throw error
        const owner = livingOwner(path)
        if (owner !== undefined) return { owner }
        rmSync(path, { force: true })
      }
    }
  } finally {
    rmSync(draft, { force: true })
  }
}

function livingOwner(path: string): number | undefined {
  const [pid = '', started = ''] = existsSync(path) ? readFileSync(path, 'utf8').split(' ') : []
  return startTimeOf(Number(pid)) === started && started !== '' ? Number(pid) : undefined
}

/** Field 22 of /proc/PID/stat tells a process from a later one with the same number; elsewhere that it lives must do. */
function startTimeOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19] ?? ''
  } catch {
    try {
      process.kill(pid, 0)
      return 'alive'
    } catch {
      return ''
    }
  }
}
