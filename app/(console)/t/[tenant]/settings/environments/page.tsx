import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { EnvironmentsPage } from '#components/settings/environments-page'

export const metadata: Metadata = { title: 'Environments' }

export default async function Page({ params }: { params: Promise<{ tenant: string }> }): Promise<ReactNode> {
  return <EnvironmentsPage tenant={(await params).tenant} />
}
