import { redirect } from 'next/navigation'
import { currentPerson } from '#app/current-person'

/** The board of the first tenant; where there is none, the account says so. */
export default async function Home(): Promise<never> {
  const me = await currentPerson()
  if (!me) redirect('/sign-in')
  const [tenant] = me.tenants
  redirect(tenant ? `/t/${tenant.slug}` : '/account')
}
