import { clsx } from 'clsx'
import type { ReactNode } from 'react'

export interface Column<Row> {
  key: string
  /** What the column holds: "requested by", never "user". */
  head: ReactNode
  cell: (row: Row) => ReactNode
  /** CSS width of the column where it should not follow its content. */
  width?: string
  align?: 'start' | 'end'
  /** The name of the row: its header cell, and the title of its card. At most one column. */
  isName?: boolean
  /** Not repeated in a card: what the title says already. */
  isWideOnly?: boolean
}

interface DataTableProps<Row> {
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  /** Shown instead of rows that are not there; "not loaded" is the caller's skeleton, never this. */
  empty?: ReactNode
  isRowMarked?: (row: Row) => boolean
}

/** Hairlines between rows; under 640 px every row is a card that names its values. One markup for both, so that nothing is read twice. */
export function DataTable<Row>({ caption, columns, rows, rowKey, empty, isRowMarked }: DataTableProps<Row>): ReactNode {
  if (rows.length === 0 && empty) return empty
  return (
    <div className="overflow-x-auto rounded-3 border bg-surface">
      <table className="w-full border-collapse text-left max-sm:block">
        <caption className="sr-only">{caption}</caption>
        <thead className="bg-sunken max-sm:sr-only">
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                style={{ width: column.width }}
                className={clsx('border-b px-3.5 py-2 text-sm font-[550] whitespace-nowrap text-ink-2', column.align === 'end' && 'text-right')}
              >
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="max-sm:block">
          {rows.map((row) => (
            <tr
              key={rowKey(row)}
              className={clsx('border-b last:border-b-0 max-sm:grid max-sm:gap-1 max-sm:py-3', isRowMarked?.(row) && 'bg-accent-soft')}
            >
              {columns.map((column) => (
                <Cell key={column.key} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** A name that leads on looks so in every table, and stays quieter than what one came to read. */
const nameLink =
  '[&_a]:text-ink [&_a]:underline [&_a]:decoration-line-strong [&_a]:underline-offset-3 [&_a:hover]:text-accent [&_a:hover]:decoration-accent'

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }): ReactNode {
  const content = column.cell(row)
  const className = clsx(
    'px-3.5 py-2.5 align-middle font-normal max-sm:py-0',
    column.align === 'end' && 'text-right tabular-nums max-sm:text-left',
    column.isName ? clsx('font-[550]', nameLink) : 'max-sm:grid max-sm:grid-cols-[104px_1fr] max-sm:gap-2',
    // A card names no value that is not there.
    (column.isWideOnly || !hasContent(content)) && 'max-sm:hidden',
  )
  if (column.isName) {
    return (
      <th scope="row" className={className}>
        {content}
      </th>
    )
  }
  return (
    <td className={className}>
      <span aria-hidden className="text-sm text-ink-3 sm:hidden">
        {column.head}
      </span>
      <div className="min-w-0">{content}</div>
    </td>
  )
}

function hasContent(content: ReactNode): boolean {
  return content !== '' && content !== null && content !== undefined && content !== false
}
