'use client'
import dynamic from 'next/dynamic'
import { useState, type ReactNode } from 'react'
import { useSheet } from '#components/sheet/use-sheet'

// Its code comes when it is opened.
const PromotionSheet = dynamic(async () => (await import('#components/sheet/promotion-sheet')).PromotionSheet, { ssr: false })

/** The sheet that the address asks for (`?sheet=`), on whatever page it is mounted. */
export function SheetFromAddress({ tenant }: { tenant: string }): ReactNode {
  const { ask, close } = useSheet()
  // The last one stays mounted while it closes.
  const [shown, setShown] = useState(ask)
  if (ask && ask !== shown) setShown(ask)
  if (!shown) return null
  return <PromotionSheet key={JSON.stringify(shown)} tenant={tenant} {...shown} open={ask !== null} onOpenChange={(open) => !open && close()} />
}
