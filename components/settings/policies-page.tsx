'use client'
import { parseAsString, useQueryState } from 'nuqs'
import { useState, type ReactNode } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { PolicyEditor } from '#components/settings/policy-editor'
import { PolicyVersions } from '#components/settings/policy-versions'
import { useReason } from '#components/tenant/use-tenant'
import { CopyLine } from '#components/ui/copy-line'
import { ProblemNotice } from '#components/ui/problem-notice'
import { RelativeTime } from '#components/ui/relative-time'
import { Select } from '#components/ui/select'
import { SkeletonRows } from '#components/ui/skeleton'
import type { EnvironmentView } from '#lib/tenants/environment'
import type { EnvironmentPolicyView } from '#lib/tenants/environment-policy'

/** What must hold before anything changes, per environment. */
export function PoliciesPage({ tenant }: { tenant: string }): ReactNode {
  const [wanted, setWanted] = useQueryState('environment', parseAsString.withOptions({ history: 'push' }))
  const list = useApi<{ items: EnvironmentView[] }>(tenantKey(tenant, 'board', 'environments'), tenantPath(tenant, 'environments'))
  // The last one is where most is at stake.
  const environment = list.data?.items.find(({ slug }) => slug === wanted) ?? list.data?.items.at(-1)
  return (
    <>
      {list.error && <ProblemNotice problem={list.error} title="The environments could not be listed" />}
      {!list.data && !list.error && <SkeletonRows label="Loading the environments" rows={2} />}
      {list.data && environment && (
        <>
          <div className="mb-5 max-w-xs">
            <Select
              label="Environment"
              value={environment.slug}
              options={list.data.items.map(({ slug, name }) => ({ value: slug, label: `${slug} · ${name}` }))}
              onChange={(slug) => void setWanted(slug)}
            />
          </div>
          <PolicyOf key={environment.slug} tenant={tenant} environment={environment} />
        </>
      )}
    </>
  )
}

function PolicyOf({ tenant, environment }: { tenant: string; environment: EnvironmentView }): ReactNode {
  const [attempt, setAttempt] = useState(0)
  const reason = useReason(tenant)('policy.edit')
  const path = tenantPath(tenant, 'environments', environment.slug, 'policy')
  const policy = useApi<EnvironmentPolicyView>(tenantKey(tenant, 'board', 'policy', environment.slug), path)
  if (policy.error) return <ProblemNotice problem={policy.error} title={`The policy of ${environment.slug} could not be read`} />
  if (!policy.data) return <SkeletonRows label={`Loading the policy of ${environment.slug}`} rows={8} />
  const { version, createdAt } = policy.data
  return (
    <>
      <p className="mb-4 text-ink-2">
        Version {version} counts now
        {createdAt !== '' && (
          <>
            , written <RelativeTime at={createdAt} />
          </>
        )}
        .{reason === undefined && ' Saving writes the next one; promotions that wait are looked at again by it.'}
      </p>
      <PolicyEditor key={attempt} tenant={tenant} policy={policy.data} reason={reason} onRestart={() => setAttempt(attempt + 1)} />
      <PolicyVersions tenant={tenant} environment={environment} />
      <div className="mt-6">
        <CopyLine line={`caisson api GET /tenants/${tenant}/environments/${environment.slug}/policy`} />
      </div>
    </>
  )
}
