import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { KitsPage } from '#components/kits/kits-page'

export const metadata: Metadata = { title: 'Install kits' }

export default async function Page({ params }: { params: Promise<{ tenant: string }> }): Promise<ReactNode> {
  return <KitsPage tenant={(await params).tenant} />
}
