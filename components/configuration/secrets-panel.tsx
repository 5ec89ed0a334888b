'use client'
import { KeyRound, Plus } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { SetSecretDialog } from '#components/configuration/set-secret-dialog'
import { UnsetSecretDialog } from '#components/configuration/unset-secret-dialog'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { Button } from '#components/ui/button'
import { DataTable } from '#components/ui/data-table'
import { EmptyState } from '#components/ui/empty-state'
import { Loaded } from '#components/ui/loaded'
import { RelativeTime } from '#components/ui/relative-time'
import { Status } from '#components/ui/status'
import type { SecretsView, SecretView } from '#lib/configuration/secret'

interface SecretsPanelProps {
  tenant: string
  application: string
  environment: string
}

/** Secrets by name, age and whether they changed since the deployment. No value ever comes back. */
export function SecretsPanel({ tenant, application, environment }: SecretsPanelProps): ReactNode {
  const [asked, ask] = useState<{ act: 'set' | 'unset'; name: string } | null>(null)
  const secrets = useApi<SecretsView>(
    tenantKey(tenant, 'board', 'secrets', application, environment),
    tenantPath(tenant, 'applications', application, 'secrets'),
    { query: { environment } },
  )
  const place = { tenant, application, environment }
  return (
    <Loaded query={secrets} label="Loading the secrets">
      {({ items, write }) => {
        const reason = write.allowed ? undefined : write.reason
        return (
          <div className="grid gap-3">
            <div className="flex flex-wrap items-center justify-between gap-3">
              <p className="max-w-prose text-ink-2">
                Sealed for {application} in {environment} alone, opened when a replica starts, and never shown again.
              </p>
              <Button icon={Plus} disabledReason={reason} onClick={() => ask({ act: 'set', name: '' })}>
                Set a secret…
              </Button>
            </div>
            <DataTable
              caption={`Secrets of ${application} in ${environment}`}
              rows={items}
              rowKey={({ name }) => name}
              empty={
                <EmptyState icon={KeyRound} title="No secrets here">
                  Set one, and name it in a connection: a replica then finds it under the key of that connection.
                </EmptyState>
              }
              columns={[
                { key: 'name', head: 'Secret', isName: true, cell: ({ name }) => <code className="font-mono wrap-anywhere">{name}</code> },
                { key: 'state', head: 'State', cell: (secret) => <StateOf secret={secret} /> },
                { key: 'age', head: 'Set', cell: (secret) => <Age secret={secret} /> },
                {
                  key: 'used',
                  head: 'Connections',
                  cell: ({ usedBy }) =>
                    usedBy.length === 0 ? (
                      <span className="text-ink-3">none</span>
                    ) : (
                      <code className="font-mono wrap-anywhere">{usedBy.join(', ')}</code>
                    ),
                },
                { key: 'deployed', head: 'What runs', cell: (secret) => <Deployed secret={secret} /> },
                {
                  key: 'acts',
                  head: <span className="sr-only">Acts</span>,
                  align: 'end',
                  cell: ({ name, state }) => (
                    <span className="inline-flex gap-2">
                      <Button size="sm" disabledReason={reason} aria-label={`Set ${name}`} onClick={() => ask({ act: 'set', name })}>
                        {state === 'set' ? 'Replace…' : 'Set…'}
                      </Button>
                      {state === 'set' && (
                        <Button
                          size="sm"
                          tone="quiet"
                          disabledReason={reason}
                          aria-label={`Unset ${name}`}
                          onClick={() => ask({ act: 'unset', name })}
                        >
                          Unset…
                        </Button>
                      )}
                    </span>
                  ),
                },
              ]}
            />
            {asked?.act === 'set' && <SetSecretDialog {...place} name={asked.name} onClose={() => ask(null)} />}
            {asked?.act === 'unset' && <UnsetSecretDialog {...place} name={asked.name} onClose={() => ask(null)} />}
          </div>
        )
      }}
    </Loaded>
  )
}

function StateOf({ secret: { state, version } }: { secret: SecretView }): ReactNode {
  if (state === 'set') return <Status tone="ok">v{version}</Status>
  return state === 'missing' ? <Status tone="bad">no value</Status> : <Status tone="off">unset</Status>
}

function Age({ secret: { changedAt, changedBy } }: { secret: SecretView }): ReactNode {
  if (changedAt === null || changedBy === null) return <span className="text-ink-3">never</span>
  return (
    <>
      <RelativeTime at={changedAt} /> <span className="text-ink-3">by {changedBy.name}</span>
    </>
  )
}

function Deployed({ secret: { changedSinceDeployed, deployedVersion } }: { secret: SecretView }): ReactNode {
  if (changedSinceDeployed === null) return <span className="text-ink-3">does not use it</span>
  if (!changedSinceDeployed) return <Status tone="ok">v{deployedVersion ?? '?'}</Status>
  return <Status tone="wait">{deployedVersion === null ? 'without it' : `v${deployedVersion}`}, changed since</Status>
}
