'use client'
import type { ReactNode } from 'react'
import type { SheetRequest } from '#components/sheet/use-request'
import { Select } from '#components/ui/select'
import { TextField } from '#components/ui/text-field'
import type { SheetView } from '#lib/promotions/sheet'

interface SheetAskingProps {
  sheet: { data: SheetView | undefined }
  request: SheetRequest
  release: string | undefined
  releases: readonly string[]
  replicas: number | undefined
  onChoose: (choice: { release?: string; replicas?: number }) => void
}

/** What the person says: which release where there is a choice, how many replicas, why, and the name of the environment where the policy asks. */
export function SheetAsking({ sheet: { data }, request, release, releases, replicas, onChoose }: SheetAskingProps): ReactNode {
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      {release !== undefined && releases.length > 1 && (
        <Select
          label="Release"
          value={release}
          options={releases.map((name) => ({ value: name, label: name }))}
          onChange={(next) => onChoose({ release: next })}
        />
      )}
      {replicas !== undefined && (
        <TextField
          label="Replicas of each component"
          type="number"
          min={1}
          max={50}
          value={replicas}
          onChange={(event) => event.target.value !== '' && onChoose({ replicas: Math.min(50, Math.max(0, event.target.valueAsNumber)) })}
        />
      )}
      {data && (
        <TextField
          label="Reason"
          hint={data.kind === 'rollback' ? 'It stays in the audit log, and on the hold.' : 'Optional; it stays in the audit log.'}
          maxLength={2000}
          value={request.reason}
          onChange={(event) => request.setReason(event.target.value)}
        />
      )}
      {data?.asksForName && data.mayRequest.allowed && (
        <TextField
          label={
            <>
              Type <code className="font-mono text-ink">{data.environment.slug}</code> to go on
            </>
          }
          hint="The policy of this environment asks for it."
          isMono
          autoComplete="off"
          spellCheck={false}
          value={request.typedName}
          onChange={(event) => request.setTypedName(event.target.value)}
        />
      )}
    </div>
  )
}
