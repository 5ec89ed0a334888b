'use client'
import { Package, Search, Upload } from 'lucide-react'
import Link from 'next/link'
import { debounce, parseAsString, useQueryStates } from 'nuqs'
import type { ReactNode } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { ActLink } from '#components/tenant/act-link'
import { ReleaseTable } from '#components/release/release-table'
import { Button } from '#components/ui/button'
import { CopyLine } from '#components/ui/copy-line'
import { EmptyState } from '#components/ui/empty-state'
import { Loaded } from '#components/ui/loaded'
import { PageHeader } from '#components/ui/page-header'
import { Pagination } from '#components/ui/pagination'
import { Select } from '#components/ui/select'
import { TextField } from '#components/ui/text-field'
import type { ReleaseSummary } from '#lib/releases/release'
import type { ApplicationView } from '#lib/tenants/application'

const filters = { application: parseAsString.withDefault(''), search: parseAsString.withDefault(''), after: parseAsString.withDefault('') }

/** Every release of the tenant, newest first; what is chosen stands in the address. */
export function ReleaseList({ tenant }: { tenant: string }): ReactNode {
  const [{ application, search, after }, choose] = useQueryStates(filters)
  const applications = useApi<{ items: ApplicationView[] }>(tenantKey(tenant, 'board', 'applications'), tenantPath(tenant, 'applications'))
  const page = useApi<{ releases: ReleaseSummary[]; next: string | null }>(tenantKey(tenant, 'release', 'list'), tenantPath(tenant, 'releases'), {
    query: { application, search, after, limit: 50 },
    isKept: true,
  })
  const isFiltered = application !== '' || search !== ''
  const known = applications.data?.items ?? []
  const options = [{ value: '', label: 'All applications' }, ...known.map(({ slug }) => ({ value: slug, label: slug }))]
  if (application && !known.some(({ slug }) => slug === application)) options.push({ value: application, label: application })
  return (
    <>
      <PageHeader
        at={page.dataUpdatedAt}
        title="Releases"
        actions={
          <ActLink
            tenant={tenant}
            verb="artifact.upload"
            size="md"
            href={`/t/${tenant}/releases/new${application ? `?app=${application}` : ''}`}
            tone="primary"
            icon={Upload}
          >
            Upload a JAR
          </ActLink>
        }
      >
        Sealed once, then only moved.
      </PageHeader>
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <div className="relative min-w-0 flex-1 basis-56">
          <Search aria-hidden size={14} className="pointer-events-none absolute top-2.25 left-2.5 text-ink-3" />
          <TextField
            label="Search releases"
            isLabelHidden
            type="search"
            placeholder="Name, commit or digest"
            className="pl-8"
            value={search}
            onChange={(event) => void choose({ search: event.target.value || null, after: null }, { limitUrlUpdates: debounce(250) })}
          />
        </div>
        <div className="min-w-0 basis-48">
          <Select
            label="Application"
            isLabelHidden
            value={application}
            options={options}
            onChange={(value) => void choose({ application: value || null, after: null })}
          />
        </div>
      </div>
      <Loaded query={page} label="Loading the releases" rows={6}>
        {({ releases, next }) => (
          <>
            <ReleaseTable
              tenant={tenant}
              releases={releases}
              empty={
                isFiltered || after ? (
                  <EmptyState
                    icon={Search}
                    title="No release fits"
                    action={<Button onClick={() => void choose({ application: null, search: null, after: null })}>Show all releases</Button>}
                  >
                    Nothing here has that name, commit or digest.
                  </EmptyState>
                ) : (
                  <EmptyState
                    icon={Package}
                    title="No release yet"
                    action={
                      <ActLink tenant={tenant} verb="artifact.upload" size="md" href={`/t/${tenant}/releases/new`} tone="primary" icon={Upload}>
                        Upload the first JAR
                      </ActLink>
                    }
                  >
                    A release is a JAR that was sealed into an image. The same digest then runs in every environment of{' '}
                    <Link href={`/t/${tenant}/environments`} className="text-accent">
                      this tenant
                    </Link>
                    .
                  </EmptyState>
                )
              }
            />
            {(next !== null || after !== '') && (
              <Pagination
                words={`${releases.length} ${after ? 'older releases' : 'newest releases'}`}
                busy={page.isPlaceholderData}
                onPrevious={after ? () => history.back() : undefined}
                onNext={next === null ? undefined : () => void choose({ after: next }, { history: 'push' })}
              />
            )}
          </>
        )}
      </Loaded>
      <div className="mt-4">
        <CopyLine line={`caisson releases --tenant ${tenant}${application ? ` --app ${application}` : ''}`} />
      </div>
    </>
  )
}
