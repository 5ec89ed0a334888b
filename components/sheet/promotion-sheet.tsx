'use client'
import { useState, type ReactNode } from 'react'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { SheetContent } from '#components/sheet/sheet-content'
import { SheetFoot } from '#components/sheet/sheet-foot'
import { titleOf } from '#components/sheet/sheet-words'
import { useRequest } from '#components/sheet/use-request'
import type { SheetAsk } from '#components/sheet/use-sheet'
import { CopyButton } from '#components/ui/copy-button'
import { Dialog } from '#components/ui/dialog'
import { shortDigest } from '#components/ui/digest'
import type { CellView } from '#lib/promotions/cell'
import { bringsRelease } from '#lib/promotions/promotion-kind'
import type { SheetView } from '#lib/promotions/sheet'

export interface PromotionSheetProps extends SheetAsk {
  tenant: string
  open: boolean
  onOpenChange: (open: boolean) => void
}

/** The one dialog from which an environment is changed, whichever page it opens on: what stops it, what changes, and the one button. */
export function PromotionSheet({ open, onOpenChange, ...asked }: PromotionSheetProps): ReactNode {
  const { tenant, application, environment, kind } = asked
  const [choice, setChoice] = useState<{ release?: string; replicas?: number }>({})
  const cell = useApi<CellView>(tenantKey(tenant, 'board', 'cell', application, environment), tenantPath(tenant, 'board', application, environment), {
    isEnabled: open,
  })
  const needsRelease = kind === undefined || bringsRelease(kind)
  const release = needsRelease ? (choice.release ?? asked.release ?? cell.data?.next[0]?.release) : undefined
  const replicas = kind === 'scale' ? (choice.replicas ?? asked.replicas ?? cell.data?.now.running?.replicas) : undefined
  const sheet = useApi<SheetView>(tenantKey(tenant, 'board', 'sheet', application, environment), tenantPath(tenant, 'promotion-previews'), {
    query: { application, environment, release, kind, replicas },
    isEnabled: open && (!needsRelease || release !== undefined) && (kind !== 'scale' || replicas !== undefined),
    isKept: true,
  })
  const close = (): void => onOpenChange(false)
  const request = useRequest({ tenant, sheet: sheet.data })
  return (
    <Dialog
      isOpen={open}
      onClose={close}
      size="sheet"
      isFlush
      title={titleOf(sheet.data?.kind ?? kind, { application, environment })}
      description="Nothing is asked for yet: this is what would change, and what stands in the way."
      aside={sheet.data && <PlanMark digest={sheet.data.planDigest} />}
      foot={sheet.data && !sheet.error && <SheetFoot sheet={sheet.data} at={sheet.dataUpdatedAt} request={request} onClose={close} />}
    >
      <SheetContent
        tenant={tenant}
        cell={cell}
        sheet={sheet}
        request={request}
        release={release}
        releases={needsRelease ? choicesOf(cell.data, asked.release) : []}
        isNothingNext={needsRelease && release === undefined && cell.data !== undefined}
        replicas={kind === 'scale' ? replicas : undefined}
        onChoose={(next) => setChoice({ ...choice, ...next })}
      />
    </Dialog>
  )
}

/** Newest first; a release that was asked for by name and is none of the newest comes last. */
function choicesOf(cell: CellView | undefined, asked: string | undefined): string[] {
  const next = (cell?.next ?? []).map(({ release }) => release)
  return asked === undefined || next.includes(asked) ? next : [...next, asked]
}

/** The digest of the plan as it is now; it is computed again before anything runs. */
function PlanMark({ digest }: { digest: string }): ReactNode {
  return (
    <div className="hidden text-right text-sm text-ink-3 sm:block">
      Plan digest
      <span className="flex items-center justify-end gap-1 text-ink">
        <code className="font-mono" title={digest}>
          sha256:{shortDigest(digest, 4)}…{digest.slice(-4)}
        </code>
        <CopyButton text={digest} label="Copy the plan digest" />
      </span>
      computed again before it runs
    </div>
  )
}
