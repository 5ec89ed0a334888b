import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import type { ReactNode } from 'react'
import { currentIdentity } from '#app/current-person'
import { nextAddress } from '#app/next-address'
import { SignInForm } from '#components/auth/sign-in-form'
import { AuthFrame } from '#components/layout/auth-frame'

export const metadata: Metadata = { title: 'Sign in' }

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ next?: string | string[] }> }): Promise<ReactNode> {
  const next = nextAddress((await searchParams).next)
  if (await currentIdentity()) redirect(next)
  return (
    <AuthFrame title="Sign in" lead="Who lifts what, and when, is on the record.">
      <SignInForm next={next} />
      <p className="text-sm text-ink-3">No account? Ask an admin of your tenant for an invitation link.</p>
    </AuthFrame>
  )
}
