import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { DiagnosticsPage } from '#components/operations/diagnostics-page'

export const metadata: Metadata = { title: 'Diagnostics' }

export default async function Page({ params }: { params: Promise<{ tenant: string }> }): Promise<ReactNode> {
  return <DiagnosticsPage tenant={(await params).tenant} />
}
