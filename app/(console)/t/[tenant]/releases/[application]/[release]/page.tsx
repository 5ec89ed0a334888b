import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { ReleasePage } from '#components/release/release-page'

interface Props {
  params: Promise<{ tenant: string; application: string; release: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { application, release } = await params
  return { title: `${application} ${release}` }
}

export default async function OneReleasePage({ params }: Props): Promise<ReactNode> {
  const { tenant, application, release } = await params
  return <ReleasePage tenant={tenant} application={application} name={release} />
}
