'use client'
import Link from 'next/link'
import { parseAsIsoDateTime, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import type { ReactNode } from 'react'
import { usePlaces } from '#components/promotion/use-places'
import { TimelineList, type TimelineFilters } from '#components/timeline/timeline-list'
import { kindNames } from '#components/timeline/timeline-row'
import { WhatRan } from '#components/timeline/what-ran'
import { Button } from '#components/ui/button'
import { CopyLine } from '#components/ui/copy-line'
import { fromLocalInput, toLocalInput, useTimeZone } from '#components/ui/local-time'
import { PageHeader } from '#components/ui/page-header'
import { Select } from '#components/ui/select'
import { TextField } from '#components/ui/text-field'
import { timelineKinds } from '#lib/promotions/timeline-kind'

const address = {
  app: parseAsString.withDefault(''),
  kind: parseAsStringLiteral(timelineKinds),
  from: parseAsIsoDateTime,
  until: parseAsIsoDateTime,
  /** The time that "what ran" is asked for. */
  at: parseAsIsoDateTime,
  /** Where the page of the list begins; another filter begins anew. */
  after: parseAsString,
}

/** What changed one environment, by application, kind and time, and what ran there at any moment. */
export function TimelinePage({ tenant, environment }: { tenant: string; environment: string }): ReactNode {
  const [state, setState] = useQueryStates(address, { history: 'push' })
  const { app, kind, at } = state
  const zone = useTimeZone()
  const { applications } = usePlaces(tenant)
  const filters: TimelineFilters = { app, kind, from: state.from?.toISOString() ?? '', until: state.until?.toISOString() ?? '' }
  const known = [...new Set([...applications, ...(app ? [app] : [])])]
  const time = (name: 'from' | 'until' | 'at') => ({
    type: 'datetime-local',
    // The server does not know the reader's zone: there the field is empty.
    value: state[name] && zone !== '' ? toLocalInput(state[name]) : '',
    onChange: (event: { target: { value: string } }) => {
      const iso = fromLocalInput(event.target.value)
      void setState({ [name]: iso === null ? null : new Date(iso), ...(name === 'at' ? {} : { after: null }) })
    },
  })
  return (
    <>
      <PageHeader
        title={`Timeline of ${environment}`}
        trail={
          <>
            <Link href={`/t/${tenant}/environments`} className="hover:text-ink">
              Environments
            </Link>{' '}
            <span aria-hidden>/</span>{' '}
            <Link href={`/t/${tenant}/environments/${environment}`} className="hover:text-ink">
              {environment}
            </Link>
          </>
        }
      >
        Everything that changed it, and what ran at any time{zoneWords(zone)}.
      </PageHeader>
      <div className="grid gap-6">
        <form
          role="search"
          aria-label="Changes"
          className="grid grid-cols-2 items-end gap-2.5 lg:grid-cols-5"
          onSubmit={(event) => event.preventDefault()}
        >
          <Select
            label="Application"
            value={app}
            options={[{ value: '', label: 'Every application' }, ...known.map((value) => ({ value, label: value }))]}
            onChange={(value) => void setState({ app: value || null, after: null })}
          />
          <Select
            label="Kind"
            value={kind ?? ''}
            options={[{ value: '', label: 'Every kind' }, ...timelineKinds.map((value) => ({ value, label: kindNames[value] }))]}
            onChange={(value) => void setState({ kind: timelineKinds.find((one) => one === value) ?? null, after: null })}
          />
          <TextField label="From" {...time('from')} />
          <TextField label="Before" {...time('until')} />
          <div className="max-lg:col-span-2">
            <TextField label="What ran at" {...time('at')} />
          </div>
        </form>
        {at && (
          <div className="grid gap-2">
            <WhatRan tenant={tenant} environment={environment} application={app} at={at.toISOString()} />
            <div>
              <Button size="sm" onClick={() => void setState({ at: null })}>
                Close the answer
              </Button>
            </div>
          </div>
        )}
        <section aria-label="Changes">
          <TimelineList tenant={tenant} environment={environment} filters={filters} />
        </section>
        <CopyLine line={lineOf(tenant, environment, filters, at)} />
      </div>
    </>
  )
}

/** In which zone the fields are read: `, by the clock of Europe/Berlin`; '' while it is not known. */
function zoneWords(zone: string): string {
  return zone === '' ? '' : `, by the clock of ${zone.replaceAll('_', ' ')}`
}

function lineOf(tenant: string, environment: string, { app, kind, from, until }: TimelineFilters, at: Date | null): string {
  const application = app ? `--app ${app}` : ''
  const rest = at ? [`--at ${at.toISOString()}`] : [kind ? `--kind ${kind}` : '', from ? `--from ${from}` : '', until ? `--until ${until}` : '']
  return ['caisson timeline', environment, application, ...rest, `--tenant ${tenant}`].filter(Boolean).join(' ')
}
