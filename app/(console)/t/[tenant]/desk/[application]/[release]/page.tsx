import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { DossierPage } from '#components/desk/dossier-page'

interface Props {
  params: Promise<{ tenant: string; application: string; release: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { application, release } = await params
  return { title: `Dossier of ${application} ${release}` }
}

export default async function Page({ params }: Props): Promise<ReactNode> {
  const { tenant, application, release } = await params
  return <DossierPage tenant={tenant} application={application} release={release} />
}
