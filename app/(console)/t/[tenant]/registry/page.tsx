import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { RepositoryList } from '#components/registry/repository-list'

export const metadata: Metadata = { title: 'Registry' }

export default async function RegistryPage({ params }: { params: Promise<{ tenant: string }> }): Promise<ReactNode> {
  return <RepositoryList tenant={(await params).tenant} />
}
