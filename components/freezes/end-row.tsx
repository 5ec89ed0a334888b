'use client'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { ForActors } from '#components/layout/reader'
import { tenantPath } from '#components/live'
import { why } from '#components/promotion/promotion-acts'
import { useChange } from '#components/tenant/use-change'
import { Button } from '#components/ui/button'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import type { Verdict } from '#lib/platform/refusal'

interface EndRowProps {
  tenant: string
  /** What is posted to, under the tenant: `['freezes', id, 'lifts']`. */
  path: readonly string[]
  may: Verdict
  /** The verb, and what it is done to: "Lift", "the freeze of everything". */
  verb: string
  of: string
  title: string
  tone?: 'primary' | 'danger'
  /** What follows from it. */
  children: ReactNode
}

/** Ends what a row of a table is about, a freeze or a waiver, after saying what follows. */
export function EndRow({ tenant, path, may, verb, of, title, tone, children }: EndRowProps): ReactNode {
  const [isAsking, setAsking] = useState(false)
  const end = useChange(() => apiSend('POST', tenantPath(tenant, ...path)), [['t', tenant]])
  return (
    <ForActors>
      <Button size="sm" disabledReason={why(may)} onClick={() => setAsking(true)} aria-label={`${verb} ${of}`}>
        {verb}
      </Button>
      {isAsking && (
        <ConfirmDialog change={end} input={undefined} onClose={() => setAsking(false)} title={title} act={`${verb} it`} tone={tone}>
          <p>{children}</p>
        </ConfirmDialog>
      )}
    </ForActors>
  )
}
