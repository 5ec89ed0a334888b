import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { TenantSettingsPage } from '#components/settings/tenant-settings-page'

export const metadata: Metadata = { title: 'Tenant' }

export default async function Page({ params }: { params: Promise<{ tenant: string }> }): Promise<ReactNode> {
  return <TenantSettingsPage tenant={(await params).tenant} />
}
