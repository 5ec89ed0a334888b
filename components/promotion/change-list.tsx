import { clsx } from 'clsx'
import type { ReactNode } from 'react'

export type ChangeKind = 'same' | 'added' | 'removed' | 'changed'

export interface ChangeRow {
  key: string
  change: ChangeKind
  what: ReactNode
  before: ReactNode
  after: ReactNode
}

const signs: Record<ChangeKind, { sign: string; word: string; tone: string; ground: string }> = {
  same: { sign: '=', word: 'the same', tone: 'text-ink-3', ground: '' },
  added: { sign: '+', word: 'added', tone: 'text-ok', ground: 'bg-ok-soft' },
  removed: { sign: '−', word: 'removed', tone: 'text-bad', ground: 'bg-bad-soft' },
  changed: { sign: '~', word: 'changed', tone: 'text-wait', ground: '' },
}

/** Before and after, a line for each thing; the sign says what became of it, and so does a word for those who do not see it. */
export function ChangeList({ label, rows }: { label: string; rows: readonly ChangeRow[] }): ReactNode {
  return (
    <ul aria-label={label} className="overflow-hidden rounded-2 border bg-surface">
      {rows.map((row) => {
        const { sign, word, tone, ground } = signs[row.change]
        return (
          <li
            key={row.key}
            className={clsx(
              'grid grid-cols-[14px_minmax(0,1fr)] items-baseline gap-x-2.5 gap-y-0.5 border-b px-3 py-1.5 last:border-b-0 sm:grid-cols-[14px_minmax(0,5fr)_minmax(0,4fr)_minmax(0,4fr)]',
              ground,
            )}
          >
            <span aria-hidden className={clsx('font-mono font-[620]', tone)}>
              {sign}
            </span>
            <span className="min-w-0 break-words">
              <span className="sr-only">{word}: </span>
              {row.what}
            </span>
            <span className={clsx('min-w-0 break-all text-ink-3 max-sm:col-start-2', row.change === 'changed' && 'line-through decoration-ink-3/60')}>
              <span className="sr-only">before: </span>
              {row.before}
            </span>
            <span className="min-w-0 break-all max-sm:col-start-2">
              <span className="sr-only">after: </span>
              {row.after}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
