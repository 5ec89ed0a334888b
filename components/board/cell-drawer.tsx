'use client'
import dynamic from 'next/dynamic'
import { useState, type ReactNode } from 'react'
import { useCell } from '#components/board/use-board'

// Its code comes when it is opened.
const OpenCell = dynamic(async () => (await import('#components/board/open-cell')).OpenCell, { ssr: false })

/** The drawer that the address asks for (`?cell=`): one application in one environment. */
export function CellDrawer({ tenant }: { tenant: string }): ReactNode {
  const { place, close } = useCell()
  // The last one stays mounted while it closes.
  const [shown, setShown] = useState(place)
  if (place && place !== shown) setShown(place)
  if (!shown) return null
  return <OpenCell key={`${shown.application}/${shown.environment}`} tenant={tenant} place={shown} isOpen={place !== null} onClose={close} />
}
