import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { BackupsPage } from '#components/operations/backups-page'

export const metadata: Metadata = { title: 'Backups' }

export default async function Page({ params }: { params: Promise<{ tenant: string }> }): Promise<ReactNode> {
  return <BackupsPage tenant={(await params).tenant} />
}
