'use client'
import type { MouseEvent, ReactNode } from 'react'
import { sheetHref } from '#components/release/sheet-link'
import { useSheet, type SheetAsk } from '#components/sheet/use-sheet'
import { ActLink, type ActLinkProps } from '#components/tenant/act-link'
import { verbOfKind, type PromotionKind } from '#lib/promotions/promotion-kind'

interface SheetActProps extends Omit<ActLinkProps, 'verb' | 'href' | 'onClick'> {
  ask: SheetAsk & { kind: PromotionKind }
}

/** Opens a sheet over the page that one is on, and leaves one there; as an address it stands open over the board. */
export function SheetAct({ ask, ...look }: SheetActProps): ReactNode {
  const { open } = useSheet()
  const press = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    open(ask)
  }
  return <ActLink {...look} verb={verbOfKind[ask.kind]} href={sheetHref(look.tenant, ask)} onClick={press} />
}
