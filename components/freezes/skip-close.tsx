'use client'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { ForActors } from '#components/layout/reader'
import { tenantPath } from '#components/live'
import { why } from '#components/promotion/promotion-acts'
import { useChange } from '#components/tenant/use-change'
import { ActDialog } from '#components/ui/act-dialog'
import { Button } from '#components/ui/button'
import { TextField } from '#components/ui/text-field'
import type { FreezeView, UpcomingClose } from '#lib/promotions/freeze'

interface SkipCloseProps {
  tenant: string
  close: UpcomingClose
  /** "Fri 27 Nov, 16:00", for names and titles. */
  when: string
  scope: string
}

/** Leaves one closed time of a weekly freeze open, or closes it again. */
export function SkipClose({ tenant, close, when, scope }: SkipCloseProps): ReactNode {
  const [isAsking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const path = ['freezes', close.freeze, 'skips']
  const skip = useChange(
    (body: { startsAt: string; reason: string }) => apiSend<FreezeView>('POST', tenantPath(tenant, ...path), body),
    [['t', tenant]],
  )
  const withdraw = useChange(
    (body: { startsAt: string }) => apiSend<FreezeView>('POST', tenantPath(tenant, ...path, 'withdrawals'), body),
    [['t', tenant]],
  )
  const off = why(close.maySkip)
  const isSkipped = close.skip !== null
  return (
    <ForActors>
      <Button
        size="sm"
        tone="quiet"
        disabledReason={off}
        onClick={() => setAsking(true)}
        aria-label={`${isSkipped ? 'Close after all' : 'Skip'}: ${scope}, ${when}`}
      >
        {isSkipped ? 'Close after all' : 'Skip'}
      </Button>
      {isAsking && !isSkipped && (
        <ActDialog
          change={skip}
          input={{ startsAt: close.startsAt, reason: reason.trim() }}
          onClose={() => setAsking(false)}
          title={`Skip ${when}?`}
          description={`${scope} stays open this once; the weeks after it close as before.`}
          act="Skip it"
          missing={reason.trim() === '' && 'Write the reason first.'}
          failed="It was not skipped"
        >
          <TextField
            label="Reason"
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            error={skip.error?.field('reason')}
          />
        </ActDialog>
      )}
      {isAsking && isSkipped && (
        <ActDialog
          change={withdraw}
          input={{ startsAt: close.startsAt }}
          onClose={() => setAsking(false)}
          title={`Close ${when} after all?`}
          act="Close it"
          failed="It stays skipped"
        >
          <p>{scope} closes then, as in every other week.</p>
        </ActDialog>
      )}
    </ForActors>
  )
}
