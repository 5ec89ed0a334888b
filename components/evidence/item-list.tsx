'use client'
import { Download } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { itemLook } from '#components/evidence/checklist-words'
import { ForActors } from '#components/layout/reader'
import { tenantPath } from '#components/live'
import { why } from '#components/promotion/promotion-acts'
import { Button } from '#components/ui/button'
import { Bytes } from '#components/ui/bytes'
import { Digest } from '#components/ui/digest'
import { RelativeTime } from '#components/ui/relative-time'
import { Status } from '#components/ui/status'
import { Sentence } from '#components/ui/sentence'
import type { EvidenceView, ItemView } from '#lib/evidence/checklist-view'
import { ageWords } from '#lib/evidence/item'

interface ItemListProps {
  tenant: string
  items: readonly ItemView[]
  onAttach: (item: ItemView) => void
  onWaive: (item: ItemView) => void
}

/** Items with what they rest on. */
export function ItemList({ tenant, items, onAttach, onWaive }: ItemListProps): ReactNode {
  return (
    <ul className="divide-y rounded-3 border bg-surface">
      {items.map((item) => (
        <li key={item.control} className="grid grid-cols-1 gap-1 px-4 py-3">
          <div className="flex flex-wrap items-baseline justify-between gap-x-3 gap-y-1">
            <h3 className="font-[570]">{item.title}</h3>
            <Status tone={itemLook[item.status].tone}>{itemLook[item.status].word}</Status>
          </div>
          <p className="text-sm text-ink-3">{item.says}</p>
          <p className="wrap-anywhere">
            <Sentence words={item.reason} />
          </p>
          <ItemFacts item={item} />
          {item.evidence.length > 0 && (
            <ul className="mt-1 grid grid-cols-1 gap-1.5">
              {item.evidence.map((one) => (
                <EvidenceRow key={one.id} tenant={tenant} evidence={one} />
              ))}
            </ul>
          )}
          <ItemActs item={item} onAttach={onAttach} onWaive={onWaive} />
        </li>
      ))}
    </ul>
  )
}

function ItemFacts({ item }: { item: ItemView }): ReactNode {
  return (
    <p className="flex flex-wrap gap-x-3 text-sm text-ink-3">
      <span>owned by the {item.owner === 'sre' ? 'SRE' : item.owner.replace('_', ' ')}</span>
      <span>{item.when === 'before' ? 'known before it is let in' : 'known once it runs'}</span>
      <span>{item.ageLimit === null ? 'good as long as the digests' : `good for ${ageWords(item.ageLimit)}`}</span>
      {item.expiresAt && !item.waiver && (
        <span>
          until <Sentence words={item.expiresAt} />
        </span>
      )}
      {item.waiver && <span>waived by {item.waiver.grantedBy.name}</span>}
    </p>
  )
}

function EvidenceRow({ tenant, evidence }: { tenant: string; evidence: EvidenceView }): ReactNode {
  const href = `/api/v1${tenantPath(tenant, 'evidence', evidence.id, 'content')}`
  const by = evidence.origin === 'system' ? 'recorded by Caisson' : `attached by ${evidence.recordedBy.name}`
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-0.5 rounded-2 bg-sunken px-2.5 py-1.5 text-sm">
      <a href={href} download className="inline-flex items-center gap-1 font-[550] text-accent wrap-anywhere hover:underline">
        <Download aria-hidden size={13} /> {evidence.fileName || (evidence.part === '' ? 'Content' : `Content: ${evidence.part}`)}
      </a>
      <span className="text-ink-3">
        <Bytes count={evidence.sizeBytes} />
      </span>
      <Digest digest={evidence.contentDigest} />
      <span className="text-ink-2">
        {by}, <RelativeTime at={evidence.observedAt} />
      </span>
      {evidence.promotionId && (
        <Link href={`/t/${encodeURIComponent(tenant)}/promotions/${evidence.promotionId}`} className="underline underline-offset-2">
          promotion
        </Link>
      )}
      {evidence.isAtRisk && <Status tone="bad">at risk: its log entry is gone or damaged</Status>}
    </li>
  )
}

function ItemActs({ item, onAttach, onWaive }: Omit<ItemListProps, 'tenant' | 'items'> & { item: ItemView }): ReactNode {
  const isOpen = !['pass', 'waived', 'not_applicable'].includes(item.status)
  const takesWords = item.collection === 'people' || item.collection === 'either'
  if (item.collection === 'signature' || (!takesWords && !isOpen)) return null
  return (
    <ForActors>
      <div className="mt-1 flex flex-wrap gap-2">
        {takesWords && (
          <Button size="sm" disabledReason={why(item.attach)} aria-label={`Attach: ${item.title}`} onClick={() => onAttach(item)}>
            Attach
          </Button>
        )}
        {isOpen && (
          <Button size="sm" tone="quiet" aria-label={`Waive: ${item.title}`} onClick={() => onWaive(item)}>
            Waive
          </Button>
        )}
      </div>
    </ForActors>
  )
}
