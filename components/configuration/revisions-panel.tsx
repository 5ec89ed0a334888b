'use client'
import { parseAsInteger, parseAsString, useQueryStates } from 'nuqs'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { RevisionList } from '#components/configuration/revision-list'
import { RevisionDiff } from '#components/configuration/revision-diff'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { useChange } from '#components/tenant/use-change'
import { Button } from '#components/ui/button'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import { Loaded } from '#components/ui/loaded'
import { Section } from '#components/ui/section'
import { Select } from '#components/ui/select'
import type { ConfigurationView, RevisionView } from '#lib/configuration/revision'

interface RevisionsPanelProps {
  tenant: string
  view: ConfigurationView
  environments: readonly string[]
}

const address = { from: parseAsInteger, to: parseAsInteger, toEnv: parseAsString }

/** Every numbered state: any two side by side, and an older one made the newest again. */
export function RevisionsPanel({ tenant, view, environments }: RevisionsPanelProps): ReactNode {
  const { application, environment, newest, running } = view
  const [asked, go] = useQueryStates(address)
  const [isAsking, setAsking] = useState(false)
  const revisions = useApi<{ items: RevisionView[] }>(
    tenantKey(tenant, 'board', 'config-revisions', environment.slug, application.slug),
    tenantPath(tenant, 'applications', application.slug, 'config-revisions'),
    { query: { environment: environment.slug } },
  )
  // What runs against the newest; where the newest runs, what it changed.
  const isApplied = running === null || running.revision === newest.number
  const from = asked.from ?? (isApplied ? Math.max(0, newest.number - 1) : running.revision)
  const toEnvironment = asked.toEnv ?? environment.slug
  const to = asked.to ?? newest.number
  return (
    <Loaded query={revisions} label="Loading the revisions">
      {({ items }) => {
        const options = items.map(({ number }) => ({ value: String(number), label: `r${number}${number === running?.revision ? ', runs' : ''}` }))
        return (
          <div className="grid items-start gap-4 lg:grid-cols-[300px_minmax(0,1fr)]">
            <RevisionList revisions={items} shown={from} running={running?.revision} onShow={(number) => void go({ from: number })} />
            <Section title="Compared">
              <div className="grid gap-3">
                <div className="flex flex-wrap items-end gap-3">
                  <Select
                    label={`From, in ${environment.slug}`}
                    value={String(from)}
                    options={options}
                    onChange={(value) => void go({ from: Number(value) })}
                  />
                  <Select
                    label="To, in"
                    value={toEnvironment}
                    options={environments.map((value) => ({ value, label: value }))}
                    onChange={(value) => void go({ toEnv: value === environment.slug ? null : value, to: null })}
                  />
                  {toEnvironment === environment.slug ? (
                    <Select label="Revision" value={String(to)} options={options} onChange={(value) => void go({ to: Number(value) })} />
                  ) : (
                    <p className="pb-1.5 text-sm text-ink-3">its newest</p>
                  )}
                  {from !== newest.number && from > 0 && (
                    <Button
                      disabledReason={view.edit.allowed ? undefined : view.edit.reason}
                      onClick={() => setAsking(true)}
                    >{`Restore r${from}…`}</Button>
                  )}
                </div>
                <RevisionDiff
                  tenant={tenant}
                  application={application.slug}
                  environment={environment.slug}
                  from={from}
                  to={toEnvironment === environment.slug ? to : undefined}
                  toEnvironment={toEnvironment}
                />
              </div>
              {isAsking && <Restore tenant={tenant} view={view} number={from} onClose={() => setAsking(false)} />}
            </Section>
          </div>
        )
      }}
    </Loaded>
  )
}

interface RestoreProps {
  tenant: string
  view: ConfigurationView
  number: number
  onClose: () => void
}

function Restore({ tenant, view: { application, environment, newest }, number, onClose }: RestoreProps): ReactNode {
  const path = tenantPath(tenant, 'applications', application.slug, 'config-revisions', String(number), 'restorations')
  const restore = useChange((body: object) => apiSend('POST', path, body), [tenantKey(tenant, 'board')])
  return (
    <ConfirmDialog
      change={restore}
      input={{ environment: environment.slug, expected: newest.number }}
      onClose={onClose}
      title={`Restore r${number} as r${newest.number + 1}?`}
      act={`Restore r${number}`}
      tone="primary"
    >
      It becomes the newest revision of {application.slug} in {environment.slug}. Nothing that runs changes before you apply it.
    </ConfirmDialog>
  )
}
