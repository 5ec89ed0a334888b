import { clsx } from 'clsx'
import { Hand } from 'lucide-react'
import type { ReactNode } from 'react'
import { ReadyChip, RollingChip } from '#components/board/cell-words'
import { shortDigest } from '#components/ui/digest'
import { DigestMark } from '#components/ui/digest-mark'
import { RelativeTime } from '#components/ui/relative-time'
import type { BoardCell } from '#lib/promotions/board'

/** A longer name has the first line to itself: what a release is called is never cut for a badge. */
const longName = 14

/** What runs in one cell, in two lines; what waits for somebody has a third, and what rolls out a line of progress under them. */
export function CellFace({ cell }: { cell: BoardCell }): ReactNode {
  const { running, inFlight, behind, isBlocked, pendingConfigRevision, hold } = cell
  const isRolling = inFlight?.state === 'rolling_out'
  const news = [
    inFlight && !isRolling && waitWords(inFlight),
    running && pendingConfigRevision !== null && `config r${pendingConfigRevision} not applied`,
  ].filter((words) => typeof words === 'string')
  const isLong = (running?.release.length ?? 0) > longName
  return (
    <span className={clsx('@container grid min-w-0 flex-1 content-center', news.length > 0 ? 'gap-0.5' : 'gap-1')}>
      <span className="flex min-w-0 items-center gap-2">
        {running ? (
          <>
            <DigestMark digest={running.digest} />
            <span className="truncate font-mono text-sm font-[600]" title={running.release}>
              {running.release}
            </span>
            {behind > 0 && !isLong && <Behind count={behind} />}
          </>
        ) : (
          <span className="text-ink-3">{isRolling ? `${inFlight.release} arrives` : 'Never deployed'}</span>
        )}
        {hold && (
          <Hand aria-label={`held: ${hold.reason}`} role="img" size={13} className="shrink-0 text-wait">
            <title>Held: {hold.reason}</title>
          </Hand>
        )}
        {isBlocked && (
          <span className="size-2 shrink-0 rounded-full bg-bad" title={`${inFlight?.release ?? 'What waits'} is blocked`}>
            <span className="sr-only">blocked</span>
          </span>
        )}
        <span className="ml-auto shrink-0 pl-1">{isRolling ? <RollingChip inFlight={inFlight} /> : running && <ReadyChip running={running} />}</span>
      </span>
      {running && (
        <span className="flex min-w-0 gap-2.5 overflow-hidden text-sm whitespace-nowrap text-ink-3 tabular-nums">
          <span className="font-mono" title={running.digest}>
            {shortDigest(running.digest)}
          </span>
          <RelativeTime at={running.deployedAt} bare />
          {behind > 0 && isLong && <Behind count={behind} />}
          <span>config r{running.configRevision}</span>
        </span>
      )}
      {news.length > 0 && (
        <span className="truncate text-xs font-[550] text-wait tabular-nums" title={news.join(', ')}>
          {news.join(', ')}
        </span>
      )}
      {isRolling && <Lift inFlight={inFlight} />}
    </span>
  )
}

function Behind({ count }: { count: number }): ReactNode {
  return <span className="shrink-0 rounded-full border border-dashed border-line-strong px-1.5 text-xs text-ink-3 tabular-nums">{count} behind</span>
}

function waitWords({ release, kind, state }: NonNullable<BoardCell['inFlight']>): string {
  const what = kind === 'promote' || kind === 'deploy' ? release : kind
  return state === 'approved' ? `${what} is approved` : `${what} waits`
}

/** The line that rises under a cell, as far as the rollout is. */
function Lift({ inFlight: { done, total } }: { inFlight: NonNullable<BoardCell['inFlight']> }): ReactNode {
  return (
    <span aria-hidden className="absolute inset-x-0 -bottom-px h-[3px] overflow-hidden bg-run-soft">
      <span
        className={total > 0 ? 'block h-full bg-run transition-[width] duration-(--calm)' : 'block h-full animate-breathe bg-run'}
        style={{ width: total > 0 ? `${(done / total) * 100}%` : '33%' }}
      />
    </span>
  )
}
