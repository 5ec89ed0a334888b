import Link from 'next/link'
import type { ReactNode } from 'react'
import { DossierSignOff } from '#components/desk/dossier-sign-off'
import { checklistHref, itemLook } from '#components/evidence/checklist-words'
import { EmptyState } from '#components/ui/empty-state'
import { exactWords } from '#components/ui/relative-time'
import { Section } from '#components/ui/section'
import { Status } from '#components/ui/status'
import { Sentence } from '#components/ui/sentence'
import type { EvidenceView } from '#lib/evidence/checklist-view'
import type { DossierChecklist, DossierItem, DossierView } from '#lib/kits/dossier'

/** The seven items and the seven checks in each environment as they stand, with what they rest on and who signed. */
export function DossierChecklists({ tenant, dossier: { release, checklists } }: { tenant: string; dossier: DossierView }): ReactNode {
  if (checklists.length === 0) {
    return (
      <Section title="Checklists">
        <EmptyState title="Nothing is known about it yet">
          A checklist begins when the release is rolled out, or when somebody attaches evidence.
        </EmptyState>
      </Section>
    )
  }
  return checklists.map((checklist) => {
    const { environment, items, settled, risks, isRunning } = checklist
    const place = { application: release.application.slug, environment: environment.slug, release: release.name }
    return (
      <Section
        key={environment.slug}
        title={`Checklist of ${environment.slug}`}
        aside={`${settled} of ${items.length} settled, ${isRunning ? 'runs there now' : 'does not run there now'}`}
      >
        <div className="grid gap-3">
          {risks.length > 0 && (
            <ul className="rounded-3 bg-bad-soft px-4 py-2.5">
              {risks.map((words) => (
                <li key={words}>Evidence at risk: {words}</li>
              ))}
            </ul>
          )}
          <DossierSignOff checklist={checklist} />
          <Items title="Evidence" items={items.filter(({ kind }) => kind === 'evidence')} />
          <Items title="Checks" items={items.filter(({ kind }) => kind === 'check')} />
          <Approval approval={checklist.approval} />
          <Link href={checklistHref(tenant, place)} className="justify-self-start text-sm font-[550] text-accent hover:underline print:hidden">
            Open this checklist
          </Link>
        </div>
      </Section>
    )
  })
}

function Items({ title, items }: { title: string; items: readonly DossierItem[] }): ReactNode {
  return (
    <div className="overflow-hidden rounded-3 border bg-surface print:overflow-visible">
      <h3 className="border-b bg-sunken px-3.5 py-2 text-sm font-[550] text-ink-2">{title}</h3>
      <ul>
        {items.map((item) => (
          <li
            key={item.control}
            className="grid break-inside-avoid gap-x-3 gap-y-0.5 border-b px-3.5 py-2 last:border-b-0 sm:grid-cols-[152px_120px_minmax(0,1fr)] print:grid-cols-[130px_110px_minmax(0,1fr)]"
          >
            <span className="font-[550]">{item.title}</span>
            <span>
              <Status tone={itemLook[item.status].tone} plain>
                {itemLook[item.status].word}
              </Status>
            </span>
            <div className="min-w-0">
              <p className="wrap-anywhere">
                <Sentence words={item.reason} />
              </p>
              {item.waiver && <p className="text-sm text-ink-2">Waived by {item.waiver.grantedBy.name}</p>}
              {item.evidence.map((one) => (
                <Evidence key={one.id} evidence={one} />
              ))}
            </div>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Evidence({ evidence }: { evidence: EvidenceView }): ReactNode {
  const { origin, recordedBy, observedAt, part, fileName, contentDigest, isAtRisk } = evidence
  const by = origin === 'system' ? 'recorded by Caisson' : `attached by ${recordedBy.name}`
  const name = [part, fileName].filter(Boolean).join(', ')
  return (
    <div className="mt-0.5 text-sm text-ink-3">
      <p>
        {name !== '' && `${name}: `}
        {by}, {exactWords(observedAt)}
      </p>
      <p className="font-mono text-xs break-all">{contentDigest}</p>
      {isAtRisk && <Status tone="bad">at risk: its log entry is gone or damaged</Status>}
    </div>
  )
}

function Approval({ approval }: Pick<DossierChecklist, 'approval'>): ReactNode {
  if (!approval) return <p className="text-sm text-ink-2">Nobody approved this release here.</p>
  const { approvedBy, approvedAt, expiresAt, configRevision } = approval
  const how =
    approvedBy.length === 0
      ? 'let in here by a policy that asks for no approval'
      : `approved here by ${approvedBy.map(({ name }) => name).join(' and ')}`
  return (
    <p className="text-sm text-ink-2">
      The release was {how} on {exactWords(approvedAt)}, with configuration r{configRevision}, until {exactWords(expiresAt)}.
    </p>
  )
}
