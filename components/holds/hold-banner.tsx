'use client'
import dynamic from 'next/dynamic'
import { useState, type ReactNode } from 'react'
import { ForActors } from '#components/layout/reader'
import { Banner } from '#components/ui/banner'
import { Button } from '#components/ui/button'
import { RelativeTime } from '#components/ui/relative-time'
import type { Verdict } from '#lib/platform/refusal'
import type { HoldNote } from '#lib/promotions/hold'

// Its code comes when it is opened.
const LiftHoldDialog = dynamic(async () => (await import('#components/holds/lift-hold-dialog')).LiftHoldDialog, { ssr: false })

interface HoldBannerProps {
  tenant: string
  /** `orders in prod` */
  place: string
  hold: HoldNote | null
  mayLift: Verdict
}

/** Says that nothing new comes here, since when and why, and lets it in again. Nothing where nothing is held. */
export function HoldBanner({ tenant, place, hold, mayLift }: HoldBannerProps): ReactNode {
  const [isLifting, setLifting] = useState(false)
  if (!hold) return null
  return (
    <>
      <Banner
        tone="wait"
        title="Held: nothing new comes here until somebody lifts it"
        action={
          <ForActors>
            <Button size="sm" disabledReason={mayLift.allowed ? undefined : mayLift.reason} onClick={() => setLifting(true)}>
              Lift the hold
            </Button>
          </ForActors>
        }
      >
        <p className="break-words">
          For <RelativeTime at={hold.setAt} bare />: {hold.reason}. Going back further stays possible.
        </p>
      </Banner>
      {isLifting && <LiftHoldDialog tenant={tenant} place={place} hold={hold} onClose={() => setLifting(false)} />}
    </>
  )
}
