'use client'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { PasswordForm } from '#components/approvals/password-form'
import { tenantKey, tenantPath } from '#components/live'
import { useChange } from '#components/tenant/use-change'
import { Button } from '#components/ui/button'
import { Dialog } from '#components/ui/dialog'
import { ProblemNotice } from '#components/ui/problem-notice'
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
  const asksPassword = accept.error?.code === 'reauthentication_required'
  const send = (): void => accept.mutate(undefined, { onSuccess: onClose })
  const empty = handOffAreas.find(({ id }) => areas[id].trim() === '')
  const missing =
    team.trim() === ''
      ? 'Name the team.'
      : empty
        ? `Say something about ${empty.title.toLowerCase()}.`
        : asksPassword
          ? 'Type your password first.'
          : undefined
  const foot = (
    <>
      <Button onClick={onClose}>Not now</Button>
      <Button tone="primary" busy={accept.isPending} disabledReason={missing} onClick={send}>
        Take it over
      </Button>
    </>
  )
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="lg"
      title={`Take over ${view.application.slug} in ${view.environment.slug}`}
      description="From now on your team owns it. The images of this revision are kept."
      foot={foot}
    >
      <div className="grid gap-4">
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
        {asksPassword && accept.error && <PasswordForm why={accept.error.detail} onDone={send} />}
        {accept.error && !asksPassword && <ProblemNotice problem={accept.error} title="It was not taken over" />}
      </div>
    </Dialog>
  )
}
