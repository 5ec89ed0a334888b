import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { GuidePage } from '#components/kits/guide-page'
import { findGuide } from '#lib/kits/guides'

interface Props {
  params: Promise<{ tenant: string; guide: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: findGuide((await params).guide)?.title ?? 'Guide' }
}

export default async function Page({ params }: Props): Promise<ReactNode> {
  const { tenant, guide } = await params
  const found = findGuide(guide)
  if (!found) notFound()
  return <GuidePage tenant={tenant} guide={found} />
}
