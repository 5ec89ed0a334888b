'use client'
import Link from 'next/link'
import { useSyncExternalStore, type ReactNode } from 'react'
import { CopyLine } from '#components/ui/copy-line'
import { Section } from '#components/ui/section'

/** How a client gets in, looks and pulls. The host is the one of this page unless the server said another. */
export function LogInLines({ tenant, repository, login }: { tenant: string; repository: string; login?: string | undefined }): ReactNode {
  const here = useSyncExternalStore(
    neverChanges,
    () => location.host,
    () => 'HOST',
  )
  const host = login?.replace(/^docker login\s+/, '') ?? here
  return (
    <Section title="From a shell" isBoxed className="mt-6">
      <div className="grid gap-1.5">
        <CopyLine line={`docker login ${host} --username token`} />
        <p className="mb-1 text-ink-3">
          The password is an API token, never your own. One with <code className="font-mono text-sm">registry.push</code> may push too: make it under{' '}
          <Link href={`/t/${tenant}/settings`} className="text-accent">
            Settings
          </Link>
          .
        </p>
        <CopyLine line={`skopeo list-tags docker://${host}/${repository}`} />
        <CopyLine line={`docker push ${host}/${repository}:TAG`} />
      </div>
    </Section>
  )
}

const neverChanges = () => () => {}
