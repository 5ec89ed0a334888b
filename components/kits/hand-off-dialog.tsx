'use client'
import { ActDialog } from '#components/ui/act-dialog'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey, tenantPath } from '#components/live'
import { useChange } from '#components/tenant/use-change'
import { TextField } from '#components/ui/text-field'
import { Textarea } from '#components/ui/textarea'
import { handOffAreas, type HandOffAreas } from '#lib/kits/hand-off'
import type { KitView } from '#lib/kits/kit'

const nothing = Object.fromEntries(handOffAreas.map(({ id }) => [id, ''])) as HandOffAreas

/** A team takes a revision over: nine areas, each with what the next person on call needs to know. */
export function HandOffDialog({ tenant, view, onClose }: { tenant: string; view: KitView; onClose: () => void }): ReactNode {
  const [team, setTeam] = useState('')
  const [areas, setAreas] = useState<HandOffAreas>(nothing)
  const accept = useChange(
    () => apiSend<KitView>('POST', tenantPath(tenant, 'kits', view.id, 'hand-offs'), { revision: view.revision, team, areas }),
    [tenantKey(tenant, 'release')],
  )
  const empty = handOffAreas.find(({ id }) => areas[id].trim() === '')
  return (
    <ActDialog
      change={accept}
      input={undefined}
      onClose={onClose}
      size="lg"
      title={`Take over ${view.application.slug} in ${view.environment.slug}`}
      description="From now on your team owns it. The images of this revision are kept."
      act="Take it over"
      stay="Not now"
      missing={[team.trim() === '' && 'Name the team.', empty && `Say something about ${empty.title.toLowerCase()}.`]}
      failed="It was not taken over"
      isSigned
    >
      <TextField label="Team" maxLength={200} value={team} onChange={(event) => setTeam(event.target.value)} />
      <div className="grid gap-3 sm:grid-cols-2">
        {handOffAreas.map(({ id, title, asks }) => (
          <Textarea
            key={id}
            label={title}
            hint={asks}
            rows={2}
            maxLength={2000}
            value={areas[id]}
            onChange={(event) => setAreas({ ...areas, [id]: event.target.value })}
          />
        ))}
      </div>
    </ActDialog>
  )
}
