'use client'
import type { ReactNode } from 'react'
import { apiSend } from '#components/api'
import { tenantKey, tenantPath } from '#components/live'
import { useChange } from '#components/tenant/use-change'
import { ConfirmDialog } from '#components/ui/confirm-dialog'

interface UnsetSecretDialogProps {
  tenant: string
  application: string
  environment: string
  name: string
  onClose: () => void
}

export function UnsetSecretDialog({ tenant, application, environment, name, onClose }: UnsetSecretDialogProps): ReactNode {
  const path = `${tenantPath(tenant, 'applications', application, 'secrets', name)}?${new URLSearchParams({ environment }).toString()}`
  const unset = useChange(() => apiSend('DELETE', path), [tenantKey(tenant, 'board')])
  return (
    <ConfirmDialog change={unset} input={undefined} onClose={onClose} title={`Unset ${name}?`} act={`Unset ${name}`} typed={name}>
      Nothing of {application} in {environment} is started with it any more, and its value cannot be brought back. What runs keeps it until it is
      replaced.
    </ConfirmDialog>
  )
}
