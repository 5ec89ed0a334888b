import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { TimelinePage } from '#components/timeline/timeline-page'

interface Props {
  params: Promise<{ tenant: string; environment: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Timeline of ${(await params).environment}` }
}

export default async function OneTimelinePage({ params }: Props): Promise<ReactNode> {
  const { tenant, environment } = await params
  return <TimelinePage tenant={tenant} environment={environment} />
}
