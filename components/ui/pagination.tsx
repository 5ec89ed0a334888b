'use client'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '#components/ui/button'

interface PaginationProps {
  /** "1–50 of 214", or how many there are so far. */
  words: ReactNode
  /** undefined when there is no such page. */
  onPrevious?: (() => void) | undefined
  onNext?: (() => void) | undefined
  busy?: boolean
}

/** "51–100 of 1,214": which of a list a page shows; pages count from 1. */
export function rangeWords({ page, pageSize, total }: { page: number; pageSize: number; total: number }): string {
  const first = (page - 1) * pageSize + 1
  return first > total ? `0 of ${total}` : `${first}–${Math.min(page * pageSize, total)} of ${total.toLocaleString('en')}`
}

/** Where one is in a long list. Keep the page or the cursor in the address. */
export function Pagination({ words, onPrevious, onNext, busy = false }: PaginationProps): ReactNode {
  return (
    <nav aria-label="Pages" className="flex items-center justify-end gap-2 py-2 text-sm text-ink-3 tabular-nums">
      <span role="status" className="mr-auto">
        {words}
      </span>
      {(onPrevious || onNext) && (
        <>
          <Button size="sm" icon={ChevronLeft} onClick={onPrevious} disabledReason={onPrevious ? undefined : 'This is the first page.'}>
            Previous
          </Button>
          <Button size="sm" busy={busy} onClick={onNext} disabledReason={onNext ? undefined : 'This is the last page.'}>
            Next
            <ChevronRight aria-hidden size={13} />
          </Button>
        </>
      )}
    </nav>
  )
}
