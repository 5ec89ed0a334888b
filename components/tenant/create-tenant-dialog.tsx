'use client'
import { useRouter } from 'next/navigation'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { TierChoice } from '#components/tenant/tier-choice'
import { useChange } from '#components/tenant/use-change'
import { Button } from '#components/ui/button'
import { Dialog } from '#components/ui/dialog'
import { ProblemInView } from '#components/settings/problem-in-view'
import { TextField } from '#components/ui/text-field'
import type { TenantSummary } from '#lib/tenants/tenant'
import type { Tier } from '#lib/tenants/tier'

/** A new tenant with the environments of its tier; whoever makes it becomes its first member. */
export function CreateTenantDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }): ReactNode {
  const router = useRouter()
  const [draft, setDraft] = useState({ slug: '', name: '', tier: 'HIGH' as Tier })
  const create = useChange((body: typeof draft) => apiSend<TenantSummary>('POST', '/tenants', body), [['me'], ['tenants'], ['platform']])
  const missing = draft.slug === '' || draft.name.trim() === '' ? 'A tenant needs a slug and a name.' : undefined
  const submit = (): void => create.mutate(draft, { onSuccess: ({ slug }) => router.push(`/t/${slug}`) })
  const foot = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button tone="primary" busy={create.isPending} disabledReason={missing} onClick={submit}>
        Create {draft.slug || 'the tenant'}
      </Button>
    </>
  )
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title="Create a tenant"
      description="A tenant is walled off: its people, releases and log are nobody else’s. You become its first member, with every role."
      foot={foot}
    >
      <div className="grid gap-4">
        <TextField
          label="Name"
          value={draft.name}
          error={create.error?.field('name')}
          onChange={(event) => setDraft({ ...draft, name: event.target.value })}
        />
        <TextField
          label="Slug"
          isMono
          autoComplete="off"
          spellCheck={false}
          hint="Stands in addresses, repositories and command lines, and never changes: a-z, 0-9 and -."
          value={draft.slug}
          error={create.error?.field('slug')}
          onChange={(event) => setDraft({ ...draft, slug: event.target.value.toLowerCase() })}
        />
        <TierChoice value={draft.tier} onChange={(tier) => setDraft({ ...draft, tier })} />
        {create.error && <ProblemInView problem={create.error} title="The tenant was not created" />}
      </div>
    </Dialog>
  )
}
