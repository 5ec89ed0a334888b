'use client'
import Link from 'next/link'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import type { ReactNode } from 'react'
import { checklistHref, itemLook } from '#components/evidence/checklist-words'
import { DataTable } from '#components/ui/data-table'
import { Digest } from '#components/ui/digest'
import { RelativeTime } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import { Status, type StatusTone } from '#components/ui/status'
import { Tabs } from '#components/ui/tabs'
import { Sentence } from '#components/ui/sentence'
import type { ItemStatus } from '#lib/evidence/item'
import type { KitDocument, Section as ValueState } from '#lib/kits/document'
import { runbookSections, valueSections } from '#lib/kits/sections'
import type { KitView } from '#lib/kits/kit'

const tabs = ['release', 'values', 'secrets', 'runbook', 'checklist'] as const

/** The five artifacts, as the revision froze them. */
export function Artifacts({ tenant, view }: { tenant: string; view: KitView }): ReactNode {
  const [tab, setTab] = useQueryState('artifact', parseAsStringLiteral(tabs).withDefault('release'))
  const { document } = view
  return (
    <Section title="Artifacts" aside="as this revision froze them">
      <Tabs
        label="Artifacts"
        value={tab}
        onChange={(value) => void setTab(value)}
        tabs={[
          { value: 'release', label: 'Release version', panel: <Release document={document} /> },
          { value: 'values', label: 'Values', count: valueSections.length, panel: <Values document={document} /> },
          { value: 'secrets', label: 'Secret manifest', count: document.secrets.length, panel: <Secrets document={document} /> },
          { value: 'runbook', label: 'Runbook', count: runbookSections.length, panel: <Runbook document={document} /> },
          {
            value: 'checklist',
            label: 'Evidence checklist',
            count: document.checklist.items.length,
            panel: <Checklist tenant={tenant} document={document} />,
          },
        ]}
      />
    </Section>
  )
}

function Release({ document }: { document: KitDocument }): ReactNode {
  const { configuration } = document
  return (
    <dl className="grid gap-3">
      {document.release.components.map(({ name, image, digest }) => (
        <div key={name}>
          <dt className="text-sm text-ink-3">{name}</dt>
          <dd className="grid gap-0.5">
            <span className="font-mono text-sm break-all">{image}</span>
            <Digest digest={digest} isCopied />
          </dd>
        </div>
      ))}
      <div>
        <dt className="text-sm text-ink-3">Values</dt>
        <dd className="flex flex-wrap items-baseline gap-x-3">
          r{configuration.revision}, {configuration.isRunning ? 'which runs' : 'which does not run yet'}
          <Digest digest={configuration.hash} isMarked={false} isCopied />
        </dd>
      </div>
    </dl>
  )
}

const sectionNames: Record<(typeof valueSections)[number], string> = {
  registry: 'Registry',
  tag: 'Tag',
  secrets: 'Secrets',
  networkPolicy: 'Network policy',
  ingress: 'Ingress',
  resources: 'Resources',
  replayPersistence: 'Replay persistence',
  observability: 'Observability',
}
const stateLook: Record<ValueState['state'], { tone: StatusTone; word: string }> = {
  set: { tone: 'ok', word: 'set' },
  inherited: { tone: 'off', word: 'inherited' },
  not_applicable: { tone: 'off', word: 'not applicable' },
}

function Values({ document }: { document: KitDocument }): ReactNode {
  return (
    <ul className="grid grid-cols-1 gap-3 lg:grid-cols-2">
      {valueSections.map((name) => {
        const section = document.values[name]
        return (
          <li key={name} className="grid grid-cols-1 content-start gap-1 rounded-3 border bg-surface px-4 py-3">
            <div className="flex flex-wrap items-baseline justify-between gap-2">
              <h3 className="font-[570]">{sectionNames[name]}</h3>
              <Status tone={stateLook[section.state].tone}>{stateLook[section.state].word}</Status>
            </div>
            {section.state === 'not_applicable' ? (
              <p className="text-ink-2">{section.reason}</p>
            ) : (
              <p className="font-mono text-sm break-all whitespace-pre-wrap">{JSON.stringify(section.values, null, 2)}</p>
            )}
          </li>
        )
      })}
    </ul>
  )
}

function Secrets({ document }: { document: KitDocument }): ReactNode {
  if (document.secrets.length === 0)
    return <p className="text-ink-2">No connection of this revision names a secret, and the release asks for none by name.</p>
  const orMissing = (text: string): ReactNode => text || <Status tone="bad">missing</Status>
  return (
    <DataTable
      caption="Secret manifest"
      rows={document.secrets}
      rowKey={({ key }) => key}
      columns={[
        { key: 'key', head: 'Key', isName: true, cell: ({ key }) => <span className="font-mono">{key}</span> },
        { key: 'owner', head: 'Owner', cell: ({ owner }) => orMissing(owner) },
        { key: 'location', head: 'Kept in', cell: ({ location }) => orMissing(location) },
        { key: 'delivery', head: 'Delivered as', cell: ({ delivery }) => delivery },
        { key: 'rotated', head: 'Last rotated', cell: ({ lastRotatedAt }) => (lastRotatedAt ? <RelativeTime at={lastRotatedAt} /> : 'never') },
      ]}
    />
  )
}

function Runbook({ document }: { document: KitDocument }): ReactNode {
  return (
    <div className="grid gap-4">
      {runbookSections.map((section) => (
        <section key={section} aria-label={section} className="grid gap-1">
          <h3 className="font-[570] capitalize">{section}</h3>
          {document.runbook[section].trim() === '' ? (
            <p>
              <Status tone="wait">empty: the kit cannot leave Package</Status>
            </p>
          ) : (
            <p className="max-w-prose break-words whitespace-pre-wrap">{document.runbook[section]}</p>
          )}
        </section>
      ))}
    </div>
  )
}

function Checklist({ tenant, document }: { tenant: string; document: KitDocument }): ReactNode {
  const subject = { application: document.application, environment: document.environment, release: document.release.name }
  return (
    <div className="grid gap-3">
      <p>
        As it stood when this revision was made, {document.checklist.signOff === 'valid' ? 'signed' : 'not signed'}.{' '}
        <Link href={checklistHref(tenant, subject)} className="underline underline-offset-2">
          See it as it stands now
        </Link>
      </p>
      <ul className="divide-y rounded-3 border bg-surface">
        {document.checklist.items.map(({ control, title, status, reason }) => {
          const { tone, word } = itemLook[status as ItemStatus] ?? { tone: 'off', word: status }
          return (
            <li key={control} className="flex flex-wrap items-baseline justify-between gap-x-3 gap-y-0.5 px-4 py-2">
              <span className="font-[550]">{title}</span>
              <Status tone={tone}>{word}</Status>
              <span className="w-full text-sm break-words text-ink-2">
                <Sentence words={reason} />
              </span>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
