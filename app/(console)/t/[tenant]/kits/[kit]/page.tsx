import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { KitPage } from '#components/kits/kit-page'

export const metadata: Metadata = { title: 'Install kit' }

export default async function Page({ params }: { params: Promise<{ tenant: string; kit: string }> }): Promise<ReactNode> {
  const { tenant, kit } = await params
  return <KitPage tenant={tenant} kit={kit} />
}
