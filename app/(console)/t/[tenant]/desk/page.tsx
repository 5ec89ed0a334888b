import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { DeskPage } from '#components/desk/desk-page'

export const metadata: Metadata = { title: 'Auditor’s desk' }

export default async function Page({ params }: { params: Promise<{ tenant: string }> }): Promise<ReactNode> {
  return <DeskPage tenant={(await params).tenant} />
}
