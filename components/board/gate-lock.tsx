'use client'
import { clsx } from 'clsx'
import { ArrowRight, Lock } from 'lucide-react'
import type { ReactNode } from 'react'
import { useIsReader } from '#components/layout/reader'
import { Sentence } from '#components/ui/sentence'
import { Tooltip } from '#components/ui/tooltip'
import type { SheetAsk } from '#components/sheet/use-sheet'
import type { BoardLock } from '#lib/promotions/board'

const base =
  'relative grid h-6 min-w-8.5 place-items-center rounded-[7px] border text-xs font-[600] tabular-nums transition-colors duration-(--quick)'
const looks = {
  open: 'border-accent bg-accent text-accent-ink hover:bg-accent/88',
  shut: 'border-bad/45 bg-surface text-bad hover:bg-bad-soft',
  waiting: 'border-wait/50 bg-surface text-wait hover:bg-wait-soft',
} as const

interface GateLockProps {
  application: string
  lock: BoardLock
  onOpen: (ask: SheetAsk) => void
  /** With words, where there is room. */
  isWorded?: boolean
  tabIndex?: number
}

/** The lock between two environments: its state is that of the gates, and it opens the sheet. */
export function GateLock({ application, lock, onOpen, isWorded = false, tabIndex = 0 }: GateLockProps): ReactNode {
  const isReader = useIsReader()
  if (lock.state === 'none') return <span className="sr-only">{lock.reason}</span>
  if (lock.state === 'equal') {
    return (
      <span title={lock.reason} className={clsx(base, 'border-line-strong bg-surface text-ink-3', isWorded && 'px-2.5')}>
        <span aria-hidden>{isWorded ? '= the same' : '='}</span>
        <span className="sr-only">{lock.reason}</span>
      </span>
    )
  }
  const { to, release, state } = lock
  const look = isReader && state === 'open' ? 'border-line-strong bg-surface text-ink-2 hover:bg-off-soft' : looks[state]
  return (
    <Tooltip words={<Sentence words={lock.reason} />}>
      <button
        type="button"
        tabIndex={tabIndex}
        aria-label={isWorded ? `${wordsOf(lock)}: ${application} from ${lock.from} to ${to}` : labelOf(application, lock)}
        className={clsx(base, look, isWorded && 'px-2.5')}
        onClick={() => onOpen({ application, environment: to, release, kind: 'promote' })}
      >
        {isWorded ? wordsOf(lock) : state === 'open' ? <ArrowRight aria-hidden size={14} strokeWidth={2.2} /> : lock.count}
      </button>
    </Tooltip>
  )
}

function wordsOf({ state, count, release }: BoardLock): string {
  if (state === 'open') return `Promote ${release}`
  return state === 'shut' ? `${count} ${count === 1 ? 'blocks' : 'block'} ${release}` : `${release} waits for ${count}`
}

function labelOf(application: string, { from, to, release, state, count }: BoardLock): string {
  const what = `Promote ${application} ${release} from ${from} to ${to}`
  if (state === 'open') return what
  const gates = count === 1 ? '1 gate' : `${count} gates`
  return state === 'shut' ? `${what}: ${gates} ${count === 1 ? 'blocks' : 'block'}` : `${what}: ${gates} ${count === 1 ? 'waits' : 'wait'}`
}

interface EntryLockProps {
  application: string
  environment: string
  /** Why the environment is closed now; undefined while it is open. */
  closedFor: string | undefined
  onOpen: (ask: SheetAsk) => void
  /** With the word, where there is room and nothing else to lift. */
  isWorded?: boolean
  tabIndex?: number
}

/** The way into an environment that nothing is upstream of: the newest release can be deployed. */
export function EntryLock({ application, environment, closedFor, onOpen, isWorded = false, tabIndex = 0 }: EntryLockProps): ReactNode {
  const isClosed = closedFor !== undefined
  return (
    <Tooltip words={isClosed ? <Sentence words={`${environment} is closed: ${closedFor}`} /> : `Deploy the newest release to ${environment}`}>
      <button
        type="button"
        tabIndex={tabIndex}
        aria-label={isClosed ? `Deploy ${application} to ${environment}: closed` : `Deploy ${application} to ${environment}`}
        className={clsx(base, isClosed ? looks.shut : looks.open, isWorded && 'px-2.5')}
        onClick={() => onOpen({ application, environment, kind: 'deploy' })}
      >
        {isWorded ? 'Deploy' : isClosed ? <Lock aria-hidden size={13} strokeWidth={2.2} /> : <ArrowRight aria-hidden size={14} strokeWidth={2.2} />}
      </button>
    </Tooltip>
  )
}
