import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { AuditPage } from '#components/audit/audit-page'

export const metadata: Metadata = { title: 'Audit log' }

export default async function Page({ params }: { params: Promise<{ tenant: string }> }): Promise<ReactNode> {
  return <AuditPage tenant={(await params).tenant} />
}
