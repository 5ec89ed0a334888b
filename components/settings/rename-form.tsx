'use client'
import { useState, type ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey, tenantPath } from '#components/live'
import { useChange } from '#components/tenant/use-change'
import { Button } from '#components/ui/button'
import { ProblemNotice } from '#components/ui/problem-notice'
import { TextField } from '#components/ui/text-field'
import type { TenantView } from '#lib/tenants/tenant'

/** The name that pages show; the slug never changes. */
export function RenameForm({ tenant, reason }: { tenant: TenantView; reason: string | undefined }): ReactNode {
  const [name, setName] = useState(tenant.name)
  const rename = useChange(
    (body: { name: string }) => apiSend<TenantView>('PATCH', tenantPath(tenant.slug), body),
    [tenantKey(tenant.slug, 'settings'), tenantKey(tenant.slug, 'board'), ['me'], ['tenants']],
  )
  const missing = name.trim() === '' ? 'A tenant needs a name.' : name === tenant.name ? 'This is its name already.' : undefined
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (reason === undefined && missing === undefined) rename.mutate({ name })
      }}
    >
      <div className="flex items-end gap-2">
        <div className="max-w-sm min-w-0 flex-1">
          <TextField
            label="Name"
            isLabelHidden
            disabled={reason !== undefined}
            value={name}
            error={rename.error?.field('name')}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <Button type="submit" busy={rename.isPending} disabledReason={reason ?? missing}>
          Rename
        </Button>
      </div>
      {rename.error && <ProblemNotice problem={rename.error} title="The tenant was not renamed" />}
    </form>
  )
}
