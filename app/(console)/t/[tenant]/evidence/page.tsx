import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { EvidencePage } from '#components/evidence/evidence-page'

export const metadata: Metadata = { title: 'Evidence' }

export default async function Page({ params }: { params: Promise<{ tenant: string }> }): Promise<ReactNode> {
  return <EvidencePage tenant={(await params).tenant} />
}
