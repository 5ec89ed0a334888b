import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { FreezesPage } from '#components/freezes/freezes-page'

export const metadata: Metadata = { title: 'Freezes' }

export default async function Page({ params }: { params: Promise<{ tenant: string }> }): Promise<ReactNode> {
  return <FreezesPage tenant={(await params).tenant} />
}
