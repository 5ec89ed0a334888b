import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { AuthFrame } from '#components/layout/auth-frame'
import { LinkButton } from '#components/ui/link-button'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound(): ReactNode {
  return (
    <AuthFrame title="There is no such page">
      <p className="text-ink-2">The address may be mistyped, or what it named is gone.</p>
      <LinkButton href="/">Go to the start</LinkButton>
    </AuthFrame>
  )
}
