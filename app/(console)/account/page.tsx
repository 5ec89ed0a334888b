import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import type { ReactNode } from 'react'
import { currentPerson } from '#app/current-person'
import { PasswordForm } from '#components/account/password-form'
import { Preferences } from '#components/account/preferences'
import { SessionList } from '#components/account/session-list'
import { themeCookie, themeOf } from '#components/theme'
import { Banner } from '#components/ui/banner'
import { CopyLine } from '#components/ui/copy-line'
import { PageHeader } from '#components/ui/page-header'
import { Section } from '#components/ui/section'

export const metadata: Metadata = { title: 'Account' }

export default async function AccountPage(): Promise<ReactNode> {
  const me = await currentPerson()
  if (!me) redirect('/sign-in?next=/account')
  const theme = themeOf((await cookies()).get(themeCookie)?.value)
  return (
    <>
      <PageHeader title="Account">
        {me.name}, {me.email}
        {me.isPlatformAdmin && ', platform admin'}
      </PageHeader>
      <div className="grid gap-6">
        {me.tenants.length === 0 && (
          <Banner tone="wait" title="You are a member of no tenant">
            Ask an admin of a tenant for an invitation link.
          </Banner>
        )}
        <Section title="Sessions" aside="A session ends after 12 hours without use, and after 7 days.">
          <SessionList />
        </Section>
        <div className="grid gap-6 xl:grid-cols-2">
          <Section title="Password" isBoxed>
            <PasswordForm email={me.email} />
          </Section>
          <Section title="This browser" isBoxed>
            <Preferences theme={theme} />
          </Section>
        </div>
        <CopyLine line="caisson whoami" />
      </div>
    </>
  )
}
