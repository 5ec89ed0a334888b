import { clsx } from 'clsx'
import { ShieldCheck } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { ExceptionMark } from '#components/desk/desk-words'
import { EmptyState } from '#components/ui/empty-state'
import { exactWords, RelativeTime } from '#components/ui/relative-time'
import { Sentence } from '#components/ui/sentence'
import type { DeskException } from '#lib/kits/desk'

interface ExceptionListProps {
  tenant: string
  exceptions: readonly DeskException[]
  /** With exact times, for what is taken away. */
  isExact?: boolean
}

/** Gravest first; each is a sentence that stands alone and leads to what it is about. */
export function ExceptionList({ tenant, exceptions, isExact = false }: ExceptionListProps): ReactNode {
  if (exceptions.length === 0) {
    return (
      <EmptyState icon={ShieldCheck} title="No exceptions">
        Every change went by the rules, and nobody was refused anything.
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
            <Words tenant={tenant} exception={exception} />
          </p>
          <span className="text-sm text-ink-3">{isExact ? exactWords(exception.at) : <RelativeTime at={exception.at} />}</span>
        </li>
      ))}
    </ul>
  )
}

/** The sentence with the way to what it is about: the change, the entries of the attempts, or the log. */
function Words({ tenant, exception: { code, promotionId, subject, words, denial } }: { tenant: string; exception: DeskException }): ReactNode {
  const link = 'font-[550] underline underline-offset-2'
  if (promotionId !== null) {
    return (
      <>
        <Link href={`/t/${tenant}/promotions/${promotionId}`} className={link}>
          {subject}
        </Link>
        {': '}
        <Sentence words={words} />
      </>
    )
  }
  const href = entriesHref(tenant, code, denial)
  if (href === undefined) return words
  return (
    <>
      {words}{' '}
      <Link href={href} className={clsx(link, 'print:hidden')}>
        {denial ? 'Its entries' : 'The log'}
      </Link>
    </>
  )
}

function entriesHref(tenant: string, code: DeskException['code'], denial: DeskException['denial']): string | undefined {
  if (denial) return `/t/${tenant}/audit?${new URLSearchParams({ outcome: 'denied', ...denial })}`
  return code.startsWith('log_') ? `/t/${tenant}/audit` : undefined
}
