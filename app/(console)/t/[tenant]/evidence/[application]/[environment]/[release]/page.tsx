import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { ChecklistPage } from '#components/evidence/checklist-page'

interface Props {
  params: Promise<{ tenant: string; application: string; environment: string; release: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { application, environment, release } = await params
  return { title: `Evidence of ${application} ${release} in ${environment}` }
}

export default async function Page({ params }: Props): Promise<ReactNode> {
  const { tenant, ...subject } = await params
  return <ChecklistPage tenant={tenant} subject={subject} />
}
