import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { ReleaseList } from '#components/release/release-list'

export const metadata: Metadata = { title: 'Releases' }

export default async function ReleasesPage({ params }: { params: Promise<{ tenant: string }> }): Promise<ReactNode> {
  return <ReleaseList tenant={(await params).tenant} />
}
