import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { PromotionList } from '#components/promotion/promotion-list'

export const metadata: Metadata = { title: 'Promotions' }

export default async function Page({ params }: { params: Promise<{ tenant: string }> }): Promise<ReactNode> {
  return <PromotionList tenant={(await params).tenant} />
}
