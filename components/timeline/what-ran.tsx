'use client'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { releaseHref } from '#components/release/sheet-link'
import { DataTable, type Column } from '#components/ui/data-table'
import { Digest } from '#components/ui/digest'
import { EmptyState } from '#components/ui/empty-state'
import { Loaded } from '#components/ui/loaded'
import { exactWords, RelativeTime } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import { Status } from '#components/ui/status'
import { Sentence } from '#components/ui/sentence'
import type { RanView, WhatRanView } from '#lib/promotions/timeline'

interface WhatRanProps {
  tenant: string
  environment: string
  /** '' for all. */
  application: string
  /** ISO 8601. */
  at: string
}

/** What ran in an environment at one time, by the records: release, digest, configuration, secret versions, replicas. */
export function WhatRan({ tenant, environment, application, at }: WhatRanProps): ReactNode {
  const ran = useApi<WhatRanView>(tenantKey(tenant, 'board', 'what-ran', environment), tenantPath(tenant, 'environments', environment, 'what-ran'), {
    query: { at, application: application || undefined },
    isKept: true,
  })
  return (
    <Section title="What ran then" aside={<Sentence words={at} />} description="By the records of rollouts.">
      <Loaded query={ran} label="Loading what ran">
        {({ applications }) => (
          <DataTable
            caption={`What ran in ${environment} on ${exactWords(at)}`}
            columns={columnsOf(tenant)}
            rows={applications}
            rowKey={(one) => one.application.slug}
            empty={<EmptyState title="Nothing ran yet">No rollout was applied in {environment} by then.</EmptyState>}
          />
        )}
      </Loaded>
    </Section>
  )
}

function columnsOf(tenant: string): readonly Column<RanView>[] {
  return [
    { key: 'application', head: 'Application', isName: true, cell: ({ application }) => application.slug },
    {
      key: 'release',
      head: 'Release',
      cell: (one) => (
        <>
          <Link href={releaseHref(tenant, one.application.slug, one.release)} className="font-mono break-all hover:text-accent">
            {one.release}
          </Link>
          {one.components.map(({ name, digest }) => (
            <span key={name} className="block">
              <Digest digest={digest} isCopied />
            </span>
          ))}
          <Notes tenant={tenant} ran={one} />
        </>
      ),
    },
    { key: 'config', head: 'Configuration', cell: ({ configRevision }) => `r${configRevision}` },
    {
      key: 'secrets',
      head: 'Secrets',
      cell: ({ secrets }) =>
        secrets.length === 0 ? <span className="text-ink-3">none</span> : secrets.map(({ name, version }) => `${name} v${version}`).join(', '),
    },
    {
      key: 'replicas',
      head: 'Replicas',
      align: 'end',
      cell: ({ isStopped, replicas }) => (isStopped ? <Status tone="off">stopped</Status> : replicas),
    },
    {
      key: 'since',
      head: 'Since',
      cell: ({ since, promotionId }) => (
        <Link href={`/t/${tenant}/promotions/${promotionId}`} className="hover:text-accent">
          <RelativeTime at={since} />
        </Link>
      ),
    },
  ]
}

/** What keeps the answer from being the whole of it. */
function Notes({ tenant, ran: { underWay, disturbedBy } }: { tenant: string; ran: RanView }): ReactNode {
  const link = (id: string, words: string): ReactNode => (
    <Link href={`/t/${tenant}/promotions/${id}`} className="hover:underline">
      {words}
    </Link>
  )
  return (
    <>
      {underWay && (
        <Status tone="run" plain>
          {link(underWay.promotionId, `${underWay.release} was being rolled out just then`)}
        </Status>
      )}
      {disturbedBy && (
        <Status tone="wait" plain>
          {link(disturbedBy.promotionId, `${disturbedBy.release} had failed half-way before; its record says what it left`)}
        </Status>
      )}
    </>
  )
}
