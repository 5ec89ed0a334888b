import { redirect } from 'next/navigation'

export default async function Page({ params }: { params: Promise<{ tenant: string }> }): Promise<never> {
  redirect(`/t/${encodeURIComponent((await params).tenant)}/settings/members`)
}
