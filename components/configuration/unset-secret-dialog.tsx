'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { apiSend, type Problem } from '#components/api'
import { tenantPath } from '#components/live'
import { ConfirmDialog } from '#components/ui/confirm-dialog'
import type { SecretView } from '#lib/configuration/secret'

interface UnsetSecretDialogProps {
  tenant: string
  application: string
  environment: string
  name: string
  onClose: () => void
}

export function UnsetSecretDialog({ tenant, application, environment, name, onClose }: UnsetSecretDialogProps): ReactNode {
  const client = useQueryClient()
  const unset = useMutation<SecretView, Problem>({
    mutationFn: () =>
      apiSend('DELETE', `${tenantPath(tenant, 'applications', application, 'secrets', name)}?${new URLSearchParams({ environment }).toString()}`),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['t', tenant, 'board'] })
      onClose()
    },
  })
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      onConfirm={() => unset.mutate()}
      title={`Unset ${name}?`}
      confirmLabel={`Unset ${name}`}
      typed={name}
      busy={unset.isPending}
      problem={unset.error}
    >
      Nothing of {application} in {environment} is started with it any more, and its value cannot be brought back. What runs keeps it until it is
      replaced.
    </ConfirmDialog>
  )
}
