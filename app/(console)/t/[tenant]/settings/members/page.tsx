import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { MembersPage } from '#components/settings/members-page'

export const metadata: Metadata = { title: 'Members' }

export default async function Page({ params }: { params: Promise<{ tenant: string }> }): Promise<ReactNode> {
  return <MembersPage tenant={(await params).tenant} />
}
