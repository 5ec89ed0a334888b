'use client'
import { useRouter } from 'next/navigation'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { TierChoice } from '#components/tenant/tier-choice'
import { useChange } from '#components/tenant/use-change'
import { ActDialog } from '#components/ui/act-dialog'
import { fieldsOf } from '#components/ui/draft-field'
import { SlugField, slugOf } from '#components/ui/slug-field'
import { TextField } from '#components/ui/text-field'
import type { TenantSummary } from '#lib/tenants/tenant'
import type { Tier } from '#lib/tenants/tier'

/** A new tenant with the environments of its tier; whoever makes it becomes its first member. */
export function CreateTenantDialog({ onClose }: { onClose: () => void }): ReactNode {
  const router = useRouter()
  const [draft, setDraft] = useState({ slug: '', name: '', tier: undefined as Tier | undefined })
  const create = useChange((body: typeof draft) => apiSend<TenantSummary>('POST', '/tenants', body), [['me'], ['tenants'], ['platform']])
  const field = fieldsOf(draft, setDraft, create.error)
  return (
    <ActDialog
      change={create}
      input={draft}
      onClose={onClose}
      onDone={({ slug }) => router.push(`/t/${slug}`)}
      title="Create a tenant"
      description="A tenant is walled off: its people, releases and log are nobody else’s. You become its first member, with every role."
      act={`Create ${draft.slug || 'the tenant'}`}
      missing={(draft.slug === '' || draft.name.trim() === '' || draft.tier === undefined) && 'A tenant needs a name, a slug and a tier.'}
      failed="The tenant was not created"
    >
      <TextField label="Name" {...field('name')} />
      <SlugField {...field('slug', slugOf)} />
      <TierChoice value={draft.tier} onChange={(tier) => setDraft({ ...draft, tier })} />
    </ActDialog>
  )
}
