import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { PromotionPage } from '#components/promotion/promotion-page'

export const metadata: Metadata = { title: 'Promotion' }

export default async function Page({ params }: { params: Promise<{ tenant: string; promotion: string }> }): Promise<ReactNode> {
  const { tenant, promotion } = await params
  return <PromotionPage tenant={tenant} id={promotion} />
}
