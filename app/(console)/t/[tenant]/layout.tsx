import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { currentIdentity } from '#app/current-person'

interface TenantLayoutProps {
  children: ReactNode
  params: Promise<{ tenant: string }>
}

/** An unknown tenant and a foreign one are the same page that does not exist. */
export default async function TenantLayout({ children, params }: TenantLayoutProps): Promise<ReactNode> {
  const { tenant } = await params
  if (!(await currentIdentity())?.tenant(tenant)) notFound()
  return children
}
