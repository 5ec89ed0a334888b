import type { ReactNode } from 'react'
import { Status, statusIcons, type StatusTone } from '#components/ui/status'
import { permissions, roleName, verbsOf, type Verb } from '#lib/access/permissions'
import type { BoardCell } from '#lib/promotions/board'

type Running = NonNullable<BoardCell['running']>

const states: Record<Running['state'], { tone: StatusTone; word: string }> = {
  ready: { tone: 'ok', word: 'ready' },
  degraded: { tone: 'bad', word: 'degraded' },
  not_ready: { tone: 'bad', word: 'not ready' },
  unknown: { tone: 'off', word: 'not observed' },
  stopped: { tone: 'off', word: 'stopped' },
}

/** How many are ready, in sign, number and word; the word of what is fine is left to wide cells and screen readers. */
export function ReadyChip({ running, isWordShown = false }: { running: Running; isWordShown?: boolean }): ReactNode {
  const { tone, word } = states[running.isStopped ? 'stopped' : running.state]
  const title = [word, running.reason, running.isMixed ? 'two releases run side by side' : ''].filter(Boolean).join(', ')
  if (running.isStopped) {
    return (
      <Status tone="off" icon={statusIcons.ban} title={title}>
        stopped
      </Status>
    )
  }
  const isQuiet = tone === 'ok' && !isWordShown
  return (
    <Status tone={tone} title={title}>
      {running.readyReplicas}/{running.replicas}{' '}
      <span className={isQuiet ? 'sr-only @min-[300px]:not-sr-only' : undefined}>{running.isMixed ? 'mixed' : word}</span>
    </Status>
  )
}

/** "2 of 3" while it rolls out. */
export function RollingChip({ inFlight }: { inFlight: NonNullable<BoardCell['inFlight']> }): ReactNode {
  return (
    <Status tone="run" title={`${inFlight.release} is rolling out`}>
      {inFlight.total > 0 ? (
        <>
          {inFlight.done} of {inFlight.total}
          <span className="sr-only"> steps of the rollout</span>
        </>
      ) : (
        'rolling out'
      )}
    </Status>
  )
}

/** Why somebody with these roles may not do something, and who can; undefined when they may or nobody knows their roles yet. */
export function lackOf(roles: readonly string[] | undefined, verb: Verb): string | undefined {
  if (roles === undefined || verbsOf(roles).includes(verb)) return undefined
  const { says, roles: who } = permissions[verb]
  return `Your roles do not let you ${says}. Who can: ${who.map(roleName).join(', ')}.`
}
