import { ShieldCheck } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { ExceptionMark } from '#components/desk/desk-words'
import { EmptyState } from '#components/ui/empty-state'
import { RelativeTime } from '#components/ui/relative-time'
import type { DeskException } from '#lib/kits/desk'

/** Gravest first; each is a sentence that stands alone and leads to what it is about. */
export function ExceptionList({ tenant, exceptions }: { tenant: string; exceptions: readonly DeskException[] }): ReactNode {
  if (exceptions.length === 0) {
    return (
      <EmptyState icon={ShieldCheck} title="No exceptions">
        Every change of this period went by the rules, and nobody was refused anything.
      </EmptyState>
    )
  }
  return (
    <ul aria-label="Exceptions, gravest first" className="overflow-hidden rounded-3 border bg-surface">
      {exceptions.map((exception, index) => (
        <li
          key={`${exception.promotionId ?? ''} ${exception.code} ${index}`}
          className="grid gap-x-3 gap-y-1 border-b px-3.5 py-2.5 last:border-b-0 sm:grid-cols-[168px_minmax(0,1fr)_auto]"
        >
          <span>
            <ExceptionMark exception={exception} />
          </span>
          <p className="min-w-0 break-words">
            {exception.promotionId !== null && (
              <>
                <Link href={`/t/${tenant}/promotions/${exception.promotionId}`} className="font-[550] underline underline-offset-2">
                  {exception.subject}
                </Link>
                {': '}
              </>
            )}
            {exception.words}
          </p>
          <span className="text-sm text-ink-3">
            <RelativeTime at={exception.at} />
          </span>
        </li>
      ))}
    </ul>
  )
}
