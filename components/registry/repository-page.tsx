'use client'
import { Pin, Tag } from 'lucide-react'
import Link from 'next/link'
import { parseAsString, useQueryState } from 'nuqs'
import type { ReactNode } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { LogInLines } from '#components/registry/log-in-lines'
import { releaseHref } from '#components/release/sheet-link'
import { Bytes, byteWords } from '#components/ui/bytes'
import { CopyButton } from '#components/ui/copy-button'
import { CopyLine } from '#components/ui/copy-line'
import { DataTable, type Column } from '#components/ui/data-table'
import { Digest } from '#components/ui/digest'
import { EmptyState } from '#components/ui/empty-state'
import { Loaded } from '#components/ui/loaded'
import { PageHeader } from '#components/ui/page-header'
import { RelativeTime } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import { Status } from '#components/ui/status'
import type { RepositoryView, TagView } from '#lib/registry/repository-view'

/** One repository with its tags, newest first. */
export function RepositoryPage({ tenant, application }: { tenant: string; application: string }): ReactNode {
  const [component] = useQueryState('component', parseAsString)
  const repository = useApi<RepositoryView>(
    tenantKey(tenant, 'release', 'repository', application, component),
    tenantPath(tenant, 'repositories', application),
    { query: { component: component ?? undefined } },
  )
  const { data } = repository
  return (
    <>
      <PageHeader
        at={repository.dataUpdatedAt}
        title={<span className="font-mono">{component ? `${application}/${component}` : application}</span>}
        trail={
          <Link href={`/t/${tenant}/registry`} className="hover:text-ink">
            Registry
          </Link>
        }
      >
        {data && `${data.tags === 1 ? '1 tag' : `${data.tags.toLocaleString('en')} tags`}, ${byteWords(data.sizeBytes)}.`}
      </PageHeader>
      <Loaded query={repository} label="Loading the tags">
        {({ tagList, tags, name, login }) => (
          <>
            <Section title="Tags" aside={tags > tagList.length ? `the newest ${tagList.length} of ${tags}` : 'newest first'}>
              <DataTable
                caption={`Tags of ${name}`}
                columns={columnsOf(tenant, application)}
                rows={tagList}
                rowKey={(tag) => tag.name}
                empty={
                  <EmptyState icon={Tag} title="No tag">
                    What was pushed here by digest alone has no name.
                  </EmptyState>
                }
              />
            </Section>
            <LogInLines tenant={tenant} repository={name} login={login} />
          </>
        )}
      </Loaded>
      <div className="mt-4">
        <CopyLine line={`caisson releases --tenant ${tenant} --app ${application}`} />
      </div>
    </>
  )
}

function columnsOf(tenant: string, application: string): Column<TagView>[] {
  return [
    { key: 'tag', head: 'Tag', isName: true, cell: (tag) => <TagName tenant={tenant} application={application} tag={tag} /> },
    { key: 'digest', head: 'Digest', cell: ({ digest }) => <Digest digest={digest} isCopied /> },
    { key: 'size', head: 'Size', align: 'end', cell: ({ sizeBytes }) => <Bytes count={sizeBytes} /> },
    {
      key: 'pins',
      head: 'Pinned by',
      cell: ({ pinnedBy }) =>
        pinnedBy.length === 0 ? (
          <span className="text-ink-3">nothing</span>
        ) : (
          <span className="flex flex-wrap gap-1">
            {pinnedBy.map((pin) => (
              <Status key={pin} tone="off" icon={Pin} title="It cannot be deleted">
                {pin}
              </Status>
            ))}
          </span>
        ),
    },
    {
      key: 'pushed',
      head: 'Pushed by',
      cell: ({ pushedBy, pushedAt }) => (
        <span className="text-ink-2">
          {pushedBy.name}, <RelativeTime at={pushedAt} />
        </span>
      ),
    },
    { key: 'pull', head: 'Pull', cell: ({ pull, name }) => <CopyButton text={pull} label={`Copy the pull line of ${name}`} /> },
  ]
}

/** A tag that a release pins leads to it. */
function TagName({ tenant, application, tag }: { tenant: string; application: string; tag: TagView }): ReactNode {
  if (!tag.pinnedBy.includes(`release ${tag.name}`)) return <span className="font-mono break-all">{tag.name}</span>
  return (
    <Link href={releaseHref(tenant, application, tag.name)} className="font-mono break-all hover:text-accent">
      {tag.name}
    </Link>
  )
}
