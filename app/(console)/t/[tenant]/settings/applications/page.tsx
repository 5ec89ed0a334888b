import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { ApplicationsPage } from '#components/settings/applications-page'

export const metadata: Metadata = { title: 'Applications' }

export default async function Page({ params }: { params: Promise<{ tenant: string }> }): Promise<ReactNode> {
  return <ApplicationsPage tenant={(await params).tenant} />
}
