import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { EnvironmentList } from '#components/environment/environment-list'

export const metadata: Metadata = { title: 'Environments' }

export default async function EnvironmentsPage({ params }: { params: Promise<{ tenant: string }> }): Promise<ReactNode> {
  return <EnvironmentList tenant={(await params).tenant} />
}
