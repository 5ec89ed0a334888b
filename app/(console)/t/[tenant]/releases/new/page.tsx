import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { UploadPage } from '#components/release/upload-page'

export const metadata: Metadata = { title: 'Upload a JAR' }

export default async function NewReleasePage({ params }: { params: Promise<{ tenant: string }> }): Promise<ReactNode> {
  return <UploadPage tenant={(await params).tenant} />
}
