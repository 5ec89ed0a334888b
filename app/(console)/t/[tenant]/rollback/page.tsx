import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { RollbackPage } from '#components/rollback/rollback-page'

export const metadata: Metadata = { title: 'Roll back' }

export default async function Page({ params }: { params: Promise<{ tenant: string }> }): Promise<ReactNode> {
  return <RollbackPage tenant={(await params).tenant} />
}
