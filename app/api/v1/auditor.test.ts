// An auditor reads everything of a tenant and changes nothing: every route that could is asked, with an input that would be taken.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { routes, routeSpec, type RouteName } from '#app/api/routes'
import { database } from '#lib/platform/database'
import { requestPromotion } from '#lib/promotions/commands/request-promotion'
import { useTestDatabase } from '#lib/testing/database'
import { actAs, makeApplication, makePerson, makeTenant } from '#lib/testing/factories'
import { callRoute, type RouteHandler } from '#lib/testing/http'
import { completeRollout } from '#lib/testing/promotions'
import { makeRelease } from '#lib/testing/releases'

useTestDatabase()

/** What an auditor may send all the same: it is about themselves, or asks for a proof and leaves no trace but an entry. */
const allowedAll: readonly string[] = [
  'POST /api/v1/sessions',
  'DELETE /api/v1/sessions/{session}',
  'POST /api/v1/sessions/current/authentications',
  'PUT /api/v1/me/password',
  'POST /api/v1/invitations/{token}/acceptances',
  'POST /api/v1/tenants/{tenant}/audit/verifications',
  'POST /api/v1/tenants/{tenant}/applications/{application}/releases/{release}/reproductions',
]

const mutating = (Object.keys(routes) as RouteName[]).filter((name) => !name.startsWith('GET ') && !allowedAll.includes(name))

async function makeStage() {
  const tenant = await makeTenant()
  const application = await makeApplication(tenant)
  const manager = await actAs(tenant, 'release_manager')
  await makeRelease(tenant, application, 'v1.0.0')
  const asked = { application: application.slug, environment: 'dev', release: 'v1.0.0' }
  const failed = await requestPromotion(manager, asked)
  await completeRollout(manager, failed.id, { state: 'failed' })
  const expired = await requestPromotion(manager, asked)
  await completeRollout(manager, expired.id)
  await database().pool.query(`update promotion set state = 'expired' where id = $1`, [expired.id])
  const auditor = await makePerson({ tenant, roles: ['auditor'] })
  return { tenant, application, auditor, asked, failed: failed.id, expired: expired.id }
}

async function handlerOf(name: RouteName): Promise<RouteHandler> {
  const [method = '', path = ''] = name.split(' ')
  const file = join(import.meta.dirname, path.replace('/api/v1/', '').replaceAll(/\{(\w+)\}/g, '[$1]'), 'route.ts')
  expect(existsSync(file)).toBe(true)
  return ((await import(file)) as Record<string, RouteHandler>)[method] as RouteHandler
}

/** Everything but the log, sessions and what is thrown away. */
async function everything(): Promise<Record<string, string>> {
  const { rows } = await database().pool.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename !~ '^(audit_|session$|_prisma)' order by 1`,
  )
  const digests: Record<string, string> = {}
  for (const { name } of rows) {
    const { rows: found } = await database().pool.query<{ digest: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest from "${name}" t`,
    )
    digests[name] = found[0]?.digest ?? ''
  }
  return digests
}

describe('an auditor', () => {
  it('changes nothing: every route that could refuses with 403, and no row differs', async () => {
    const { tenant, application, auditor, asked, failed, expired } = await makeStage()
    const before = await everything()
    const wrong: string[] = []
    for (const name of mutating.filter((one) => routeSpec(one).servedBy !== 'http')) {
      const [method = '', path = ''] = name.split(' ')
      const known: Record<string, string> = {
        tenant: tenant.slug,
        application: application.slug,
        environment: 'dev',
        release: 'v1.0.0',
        promotion: name.endsWith('/requests') ? expired : failed,
        slug: tenant.slug,
      }
      const keys = [...path.matchAll(/\{(\w+)\}/g)].map(([, key]) => key ?? '')
      const params = Object.fromEntries(keys.map((key) => [key, known[key] ?? 'none-such']))
      // Where the command asks for the permission, it needs an input that it would take.
      const body = name === 'POST /api/v1/tenants/{tenant}/promotions' ? asked : {}
      const answer = await callRoute(await handlerOf(name), { method, path, params, as: auditor, ...(method === 'DELETE' ? {} : { body }) })
      if (answer.status !== 403 || answer.body.code !== 'forbidden') wrong.push(`${name}: ${answer.status} ${JSON.stringify(answer.body)}`)
    }
    expect(wrong).toEqual([])
    expect(await everything()).toEqual(before)
    expect(mutating.length).toBeGreaterThan(25)
  }, 60_000)

  it('reads every page of the tenant', async () => {
    const { tenant, application, auditor, failed } = await makeStage()
    const wrong: string[] = []
    const reading = (Object.keys(routes) as RouteName[]).filter((name) => name.startsWith('GET ') && routeSpec(name).servedBy !== 'http')
    for (const name of reading.filter((one) => one.includes('/tenants/{tenant}'))) {
      const [, path = ''] = name.split(' ')
      const known: Record<string, string> = {
        tenant: tenant.slug,
        application: application.slug,
        environment: 'dev',
        release: 'v1.0.0',
        promotion: failed,
      }
      const keys = [...path.matchAll(/\{(\w+)\}/g)].map(([, key]) => key ?? '')
      const params = Object.fromEntries(keys.map((key) => [key, known[key] ?? 'none-such']))
      const { status } = await callRoute(await handlerOf(name), { path, params, as: auditor })
      if (status === 403 && !settingsOnly.includes(name)) wrong.push(name)
    }
    expect(wrong).toEqual([])
  }, 60_000)
})

/** Lists of what only those who manage it see: who is invited, what tokens there are, and where events go. */
const settingsOnly: readonly string[] = [
  'GET /api/v1/tenants/{tenant}/invitations',
  'GET /api/v1/tenants/{tenant}/tokens',
  'GET /api/v1/tenants/{tenant}/webhooks',
  'GET /api/v1/tenants/{tenant}/webhooks/{webhook}/deliveries',
]
