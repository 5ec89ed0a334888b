import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { EnvironmentPage } from '#components/environment/environment-page'

interface Props {
  params: Promise<{ tenant: string; environment: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).environment }
}

export default async function OneEnvironmentPage({ params }: Props): Promise<ReactNode> {
  const { tenant, environment } = await params
  return <EnvironmentPage tenant={tenant} slug={environment} />
}
