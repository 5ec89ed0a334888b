import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { PoliciesPage } from '#components/settings/policies-page'

export const metadata: Metadata = { title: 'Policies' }

export default async function Page({ params }: { params: Promise<{ tenant: string }> }): Promise<ReactNode> {
  return <PoliciesPage tenant={(await params).tenant} />
}
