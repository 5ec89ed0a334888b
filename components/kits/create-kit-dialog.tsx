'use client'
import { ActDialog } from '#components/ui/act-dialog'
import { useRouter } from 'next/navigation'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { useChange } from '#components/tenant/use-change'
import { Select } from '#components/ui/select'
import { Textarea } from '#components/ui/textarea'
import type { CreateKitInput, KitView } from '#lib/kits/kit'
import type { ReadinessView } from '#lib/readiness/deployment'
import type { ApplicationView } from '#lib/tenants/application'
import type { EnvironmentView } from '#lib/tenants/environment'

/** Makes the kit of what runs; the two texts that Caisson cannot know are asked for. */
export function CreateKitDialog({ tenant, onClose }: { tenant: string; onClose: () => void }): ReactNode {
  const router = useRouter()
  const applications = useApi<{ items: ApplicationView[] }>(tenantKey(tenant, 'settings', 'applications'), tenantPath(tenant, 'applications'))
  const environments = useApi<{ items: EnvironmentView[] }>(tenantKey(tenant, 'board', 'environments'), tenantPath(tenant, 'environments'))
  const [chosen, setChosen] = useState({ application: '', environment: '' })
  const [backup, setBackup] = useState('')
  const [restore, setRestore] = useState('')
  const readiness = useApi<ReadinessView>(tenantKey(tenant, 'board', 'readiness-page'), tenantPath(tenant, 'readiness'))
  // A kit names what runs: the place highest up where something does.
  const runs = readiness.data?.environments.flatMap(({ deployments }) => deployments).at(-1)
  const application = chosen.application || (runs?.application.slug ?? applications.data?.items[0]?.slug ?? '')
  const environment = chosen.environment || (runs?.environment.slug ?? environments.data?.items.at(-1)?.slug ?? '')
  const send = useChange(() => {
    const body: CreateKitInput = {
      application,
      environment,
      runbook: { ...(backup.trim() ? { backup } : {}), ...(restore.trim() ? { restore } : {}) },
    }
    return apiSend<KitView>('POST', tenantPath(tenant, 'kits'), body)
  }, [tenantKey(tenant, 'release')])
  return (
    <ActDialog
      change={send}
      input={undefined}
      onClose={onClose}
      onDone={({ id }) => router.push(`/t/${encodeURIComponent(tenant)}/kits/${id}`)}
      size="lg"
      title="New kit"
      description="It names the digests and the values that run now. One kit for each application in an environment: where there is one, this is its next revision."
      act="Make the kit"
      missing={(application === '' || environment === '') && 'Choose what the kit is for.'}
      failed="No kit was made"
    >
      <div className="grid gap-3 sm:grid-cols-2">
        <Select
          label="Application"
          value={application}
          options={(applications.data?.items ?? []).map(({ slug, name }) => ({ value: slug, label: name }))}
          onChange={(value) => setChosen({ ...chosen, application: value })}
        />
        <Select
          label="Environment"
          value={environment}
          options={(environments.data?.items ?? []).map(({ slug, name }) => ({ value: slug, label: name }))}
          onChange={(value) => setChosen({ ...chosen, environment: value })}
        />
      </div>
      <Textarea
        label="Runbook: back up"
        hint="What of this application is backed up, how and where to."
        rows={4}
        value={backup}
        onChange={(event) => setBackup(event.target.value)}
      />
      <Textarea label="Runbook: restore" hint="How it comes back." rows={4} value={restore} onChange={(event) => setRestore(event.target.value)} />
    </ActDialog>
  )
}
