'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { OctagonPause } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { apiSend, type Problem } from '#components/api'
import { tenantPath } from '#components/live'
import { Button } from '#components/ui/button'
import { Dialog } from '#components/ui/dialog'
import { ProblemNotice } from '#components/ui/problem-notice'
import { Select } from '#components/ui/select'
import { TextField } from '#components/ui/text-field'
import { Textarea } from '#components/ui/textarea'
import type { BoardColumn } from '#lib/promotions/board'
import type { CreateFreezeInput, FreezeView } from '#lib/promotions/freeze'

interface StopTheLineProps {
  tenant: string
  environments: readonly BoardColumn[]
  disabledReason: string | undefined
}

/** Closes promotion at once, for an incident, until it is lifted. Rollbacks pass. */
export function StopTheLine({ tenant, environments, disabledReason }: StopTheLineProps): ReactNode {
  const client = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  const [words, setWords] = useState({ reason: '', incident: '', environment: '' })
  const stop = useMutation<FreezeView, Problem, CreateFreezeInput>({
    mutationFn: (body) => apiSend<FreezeView>('POST', tenantPath(tenant, 'freezes'), body),
    onSuccess: async () => {
      setOpen(false)
      setWords({ reason: '', incident: '', environment: '' })
      await client.invalidateQueries({ queryKey: ['t', tenant, 'board'] })
    },
  })
  const missing = words.reason.trim() === '' ? 'Say why first.' : words.incident.trim() === '' ? 'Name the incident first.' : undefined
  const send = (): void =>
    stop.mutate({
      kind: 'stop_the_line',
      reason: words.reason.trim(),
      incident: words.incident.trim(),
      environment: words.environment || undefined,
    })
  return (
    <>
      <Button icon={OctagonPause} disabledReason={disabledReason} onClick={() => setOpen(true)}>
        Stop the line
      </Button>
      <Dialog
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title="Stop the line"
        description="Nothing is promoted until somebody lifts it. What runs goes on, and a rollback passes."
        size="sm"
        foot={
          <>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
            <Button tone="danger" busy={stop.isPending} disabledReason={missing} onClick={send}>
              {words.environment ? `Stop the line in ${words.environment}` : 'Stop the line everywhere'}
            </Button>
          </>
        }
      >
        <div className="grid gap-3">
          <Textarea
            label="Reason"
            rows={2}
            maxLength={2000}
            error={stop.error?.field('reason')}
            value={words.reason}
            onChange={(event) => setWords({ ...words, reason: event.target.value })}
          />
          <TextField
            label="Incident"
            hint="Its number or address, as your people know it."
            maxLength={200}
            error={stop.error?.field('incident')}
            value={words.incident}
            onChange={(event) => setWords({ ...words, incident: event.target.value })}
          />
          <Select
            label="Where"
            value={words.environment}
            options={[{ value: '', label: 'Every environment' }, ...environments.map(({ slug }) => ({ value: slug, label: slug }))]}
            onChange={(environment) => setWords({ ...words, environment })}
          />
          {stop.error && <ProblemNotice problem={stop.error} title="The line was not stopped" />}
        </div>
      </Dialog>
    </>
  )
}
