import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { ReadinessPage } from '#components/readiness/readiness-page'

export const metadata: Metadata = { title: 'Readiness' }

export default async function TenantReadinessPage({ params }: { params: Promise<{ tenant: string }> }): Promise<ReactNode> {
  return <ReadinessPage tenant={(await params).tenant} />
}
