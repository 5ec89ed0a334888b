'use client'
import { useState, type ReactNode } from 'react'
import { PromotionSheet } from '#components/sheet/promotion-sheet'
import { useSheet } from '#components/sheet/use-sheet'

/** The sheet that the address asks for (`?sheet=`), on whatever page it is mounted. */
export function SheetFromAddress({ tenant }: { tenant: string }): ReactNode {
  const { ask, close } = useSheet()
  // The last one stays mounted while it closes.
  const [shown, setShown] = useState(ask)
  if (ask && ask !== shown) setShown(ask)
  if (!shown) return null
  return <PromotionSheet key={JSON.stringify(shown)} tenant={tenant} {...shown} open={ask !== null} onOpenChange={(open) => !open && close()} />
}
