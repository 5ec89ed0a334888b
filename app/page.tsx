import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { currentPerson } from '#app/current-person'
import { lastTenantCookie, lastTenantOf } from '#components/tenant/last-tenant'

/** The board of the tenant that one worked in last, else of the first; where there is none, the account says so. */
export default async function Home(): Promise<never> {
  const me = await currentPerson()
  if (!me) redirect('/sign-in')
  const tenant = lastTenantOf(me.tenants, (await cookies()).get(lastTenantCookie)?.value)
  redirect(tenant ? `/t/${tenant.slug}` : '/account')
}
