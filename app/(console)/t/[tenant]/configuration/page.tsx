import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { ConfigurationPage } from '#components/configuration/configuration-page'

export const metadata: Metadata = { title: 'Configuration' }

export default async function TenantConfigurationPage({ params }: { params: Promise<{ tenant: string }> }): Promise<ReactNode> {
  return <ConfigurationPage tenant={(await params).tenant} />
}
