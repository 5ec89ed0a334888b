import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { InboxPage } from '#components/approvals/inbox-page'

export const metadata: Metadata = { title: 'Approvals' }

export default async function Page({ params }: { params: Promise<{ tenant: string }> }): Promise<ReactNode> {
  return <InboxPage tenant={(await params).tenant} />
}
