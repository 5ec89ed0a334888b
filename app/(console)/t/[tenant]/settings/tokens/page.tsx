import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { TokensPage } from '#components/settings/tokens-page'

export const metadata: Metadata = { title: 'Tokens' }

export default async function Page({ params }: { params: Promise<{ tenant: string }> }): Promise<ReactNode> {
  return <TokensPage tenant={(await params).tenant} />
}
