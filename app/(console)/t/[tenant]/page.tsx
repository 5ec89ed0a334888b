import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { BoardPage } from '#components/board/board-page'

export const metadata: Metadata = { title: 'Board' }

export default async function Page({ params }: { params: Promise<{ tenant: string }> }): Promise<ReactNode> {
  const { tenant } = await params
  return <BoardPage tenant={tenant} />
}
