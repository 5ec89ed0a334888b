'use client'
import { CalendarClock, CalendarX, OctagonPause, Repeat } from 'lucide-react'
import type { ReactNode } from 'react'
import { scopeWords } from '#components/freezes/freeze-table'
import { SkipClose } from '#components/freezes/skip-close'
import { EmptyState } from '#components/ui/empty-state'
import { useTimeZone } from '#components/ui/local-time'
import { RelativeTime, spanWords } from '#components/ui/relative-time'
import { Status } from '#components/ui/status'
import type { UpcomingClose } from '#lib/promotions/freeze'
import { upcomingDays } from '#lib/promotions/closed-times'

/** The closed times of the next weeks, a day at a time, by the clock of whoever reads. */
export function UpcomingList({ tenant, upcoming, asOf }: { tenant: string; upcoming: readonly UpcomingClose[]; asOf: string }): ReactNode {
  const zone = useTimeZone()
  if (upcoming.length === 0) {
    return <EmptyState title={`Open for the next ${upcomingDays} days`}>No window closes anything until then.</EmptyState>
  }
  const days = Map.groupBy(upcoming, ({ startsAt }) => (startsAt <= asOf ? 'now' : dayWords(startsAt, zone)))
  return (
    <div>
      <ol className="divide-y rounded-3 border bg-surface">
        {[...days].map(([day, closes]) => (
          <li key={day} className="grid gap-x-4 gap-y-1 px-4 py-3 sm:grid-cols-[9rem_minmax(0,1fr)]">
            <h3 className="font-[550]">{day === 'now' ? 'Now' : day}</h3>
            <ul className="grid gap-2">
              {closes.map((close) => (
                <Close key={`${close.freeze} ${close.startsAt}`} tenant={tenant} close={close} zone={zone} isNow={day === 'now'} />
              ))}
            </ul>
          </li>
        ))}
      </ol>
      <p className="mt-1.5 text-sm text-ink-3">By the clock of {zone.replaceAll('_', ' ') || 'where you are'}.</p>
    </div>
  )
}

function Close({ tenant, close, zone, isNow }: { tenant: string; close: UpcomingClose; zone: string; isNow: boolean }): ReactNode {
  const { startsAt, endsAt, isWeekly, kind, reason, skip } = close
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5">
      <Status tone={skip ? 'off' : isNow ? 'bad' : 'wait'} icon={skip ? CalendarX : kind === 'stop_the_line' ? OctagonPause : CalendarClock}>
        {skip && 'skipped: '}
        <time dateTime={startsAt}>{isNow ? `since ${timeWords(startsAt, zone, true)}` : timeWords(startsAt, zone)}</time>
        {endsAt ? (
          <>
            {' '}
            to <time dateTime={endsAt}>{timeWords(endsAt, zone, isNow || dayWords(endsAt, zone) !== dayWords(startsAt, zone))}</time>
          </>
        ) : (
          ' until it is lifted'
        )}
      </Status>
      <span className="font-[550]">{scopeWords(close)}</span>
      <span className="min-w-0 break-words text-ink-2">{reason}</span>
      <span className="text-sm text-ink-3">
        {isWeekly && (
          <>
            <Repeat aria-hidden size={12} className="inline" /> each week
            {endsAt && ', '}
          </>
        )}
        {endsAt && isNow && (
          <>
            opens <RelativeTime at={endsAt} />
          </>
        )}
        {endsAt && !isNow && `${spanWords(Date.parse(endsAt) - Date.parse(startsAt))} long`}
      </span>
      {skip && (
        <span className="min-w-0 basis-full break-words text-ink-2">
          {skip.by.name} leaves it open: {skip.reason}
        </span>
      )}
      {isWeekly && <SkipClose tenant={tenant} close={close} when={timeWords(startsAt, zone, true)} scope={scopeWords(close)} />}
    </li>
  )
}

function dayWords(at: string, zone: string): string {
  return format(at, zone, { weekday: 'short', day: 'numeric', month: 'short' })
}

function timeWords(at: string, zone: string, isDayNamed = false): string {
  return format(at, zone, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(isDayNamed ? { weekday: 'short', day: 'numeric', month: 'short' } : {}),
  })
}

function format(at: string, zone: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', { ...options, ...(zone ? { timeZone: zone } : {}) }).format(new Date(at))
}
