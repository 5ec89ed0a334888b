import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { WebhooksPage } from '#components/webhooks/webhooks-page'

export const metadata: Metadata = { title: 'Webhooks' }

export default async function Page({ params }: { params: Promise<{ tenant: string }> }): Promise<ReactNode> {
  return <WebhooksPage tenant={(await params).tenant} />
}
