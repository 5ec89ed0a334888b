import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { RepositoryPage } from '#components/registry/repository-page'

interface Props {
  params: Promise<{ tenant: string; application: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Registry ${(await params).application}` }
}

export default async function OneRepositoryPage({ params }: Props): Promise<ReactNode> {
  return <RepositoryPage {...await params} />
}
