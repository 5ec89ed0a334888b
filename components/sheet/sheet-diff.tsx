import { clsx } from 'clsx'
import type { ReactNode } from 'react'

export interface DiffRow {
  key: string
  change: 'added' | 'removed' | 'changed'
  name: ReactNode
  before: ReactNode
  after: ReactNode
}

const signs = { added: '+', removed: '−', changed: '~' } as const
const words = { added: 'added', removed: 'removed', changed: 'changed' } as const
const grounds = { added: 'bg-ok-soft', removed: 'bg-bad-soft', changed: '' } as const
const inks = { added: 'text-ok', removed: 'text-bad', changed: 'text-wait' } as const

/** What changes, line by line: the sign, the thing, before, after. On a narrow screen the two stand under the thing. */
export function SheetDiff({ rows }: { rows: readonly DiffRow[] }): ReactNode {
  return (
    <ul className="overflow-hidden rounded-2 border text-sm">
      {rows.map(({ key, change, name, before, after }) => (
        <li
          key={key}
          className={clsx(
            'grid grid-cols-[14px_1fr_1fr] items-baseline gap-x-2.5 border-t px-3 py-1.5 first:border-t-0 sm:grid-cols-[14px_minmax(0,1.2fr)_1fr_1fr]',
            grounds[change],
          )}
        >
          <span aria-hidden className={clsx('font-[700]', inks[change])}>
            {signs[change]}
          </span>
          <span className="col-span-2 min-w-0 break-words sm:col-span-1">
            <span className="sr-only">{words[change]}: </span>
            {name}
          </span>
          <span className="col-start-2 min-w-0 break-words text-ink-3 sm:col-start-auto">{before}</span>
          <span className="min-w-0 break-words">{after}</span>
        </li>
      ))}
    </ul>
  )
}

/** A lane of the sheet. One that changes nothing is a single quiet line with `=`. */
export function Lane({ title, aside, same, children }: { title: ReactNode; aside?: ReactNode; same?: ReactNode; children?: ReactNode }): ReactNode {
  if (same !== undefined) {
    return (
      <section className="flex flex-wrap items-baseline gap-x-2.5 text-sm text-ink-3">
        <span aria-hidden className="w-3.5 text-center font-[700]">
          =
        </span>
        <h3 className="font-[600]">{title}</h3>
        <p className="min-w-0">{same}</p>
      </section>
    )
  }
  return (
    <section className="min-w-0">
      <div className="mb-1.5 flex flex-wrap items-baseline justify-between gap-x-3 text-sm">
        <h3 className="font-[600] text-ink-2">{title}</h3>
        <p className="text-ink-3 tabular-nums">{aside}</p>
      </div>
      {children}
    </section>
  )
}
