'use client'
import { ActDialog } from '#components/ui/act-dialog'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey, tenantPath } from '#components/live'
import { useChange } from '#components/tenant/use-change'
import { TextField } from '#components/ui/text-field'
import { Textarea } from '#components/ui/textarea'
import { runbookSections } from '#lib/kits/sections'
import type { CreateKitInput, KitView } from '#lib/kits/kit'

/** The next revision: digests and values as they run now, and the runbook as it is edited here. */
export function ReviseDialog({ tenant, view, onClose }: { tenant: string; view: KitView; onClose: () => void }): ReactNode {
  const [runbook, setRunbook] = useState(view.document.runbook)
  const [reason, setReason] = useState('')
  const revise = useChange(() => {
    // What was not touched is made anew for the release that runs.
    const edited = Object.fromEntries(
      runbookSections.filter((section) => runbook[section] !== view.document.runbook[section]).map((section) => [section, runbook[section]]),
    )
    const body: CreateKitInput = { application: view.application.slug, environment: view.environment.slug, runbook: edited, reason }
    return apiSend<KitView>('POST', tenantPath(tenant, 'kits'), body)
  }, [tenantKey(tenant, 'release')])
  return (
    <ActDialog
      change={revise}
      input={undefined}
      onClose={onClose}
      size="lg"
      title="New revision"
      description="It begins at Package again. Earlier revisions stay as they are."
      act={`Make revision ${(view.revisions[0]?.number ?? 0) + 1}`}
      missing={reason.trim() === '' && 'Say why there is a new revision.'}
      failed="No revision was made"
    >
      <TextField label="Why" maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
      {runbookSections.map((section) => (
        <Textarea
          key={section}
          label={`Runbook: ${section}`}
          rows={3}
          maxLength={20_000}
          value={runbook[section]}
          onChange={(event) => setRunbook({ ...runbook, [section]: event.target.value })}
        />
      ))}
    </ActDialog>
  )
}
