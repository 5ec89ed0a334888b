import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import type { ReactNode } from 'react'
import { pathHeader } from '#app/api/client'
import { currentPerson } from '#app/current-person'
import { Shell } from '#components/layout/shell'
import { lastTenantCookie, lastTenantOf } from '#components/tenant/last-tenant'

/** Everything behind the door: nobody gets in without a session, and comes back to what they asked for. */
export default async function ConsoleLayout({ children }: { children: ReactNode }): Promise<ReactNode> {
  const me = await currentPerson()
  if (!me) redirect(`/sign-in?${new URLSearchParams({ next: (await headers()).get(pathHeader) ?? '/' })}`)
  const last = lastTenantOf(me.tenants, (await cookies()).get(lastTenantCookie)?.value)
  return (
    <Shell me={me} last={last?.slug}>
      {children}
    </Shell>
  )
}
