import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { routes, routeSpec, type RouteName } from '#app/api/routes'
import { isVerb, platformVerbs } from '#lib/access/permissions'

const folder = import.meta.dirname
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** The route files as the table would name them: every method that each exports. */
async function exportedRoutes(): Promise<string[]> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /(^|\/)route\.ts$/.test(file))
  const names = await Promise.all(
    files.map(async (file) => {
      const path = `/api/v1/${relative(folder, join(folder, file, '..'))}`.replaceAll(/\[(\w+)\]/g, '{$1}')
      const module = (await import(join(folder, file))) as Record<string, unknown>
      return Object.keys(module)
        .filter((name) => methods.includes(name))
        .map((method) => `${method} ${path}`)
    }),
  )
  return names.flat()
}

describe('the table of routes', () => {
  it('S-02: has every route file and no other, but those that http answers itself', async () => {
    const inTable = (Object.keys(routes) as RouteName[]).filter((name) => routeSpec(name).servedBy !== 'http')
    expect((await exportedRoutes()).toSorted()).toEqual(inTable.toSorted())
  })

  it('names a permission that exists for each route', () => {
    const wrong = (Object.keys(routes) as RouteName[]).filter((name) => {
      const { permission } = routeSpec(name)
      if (permission === 'public' || permission === 'signed_in' || isVerb(permission)) return false
      return !Object.hasOwn(platformVerbs, permission.slice('platform:'.length))
    })
    expect(wrong).toEqual([])
  })

  it('leaves the verb to the command only where it depends on the kind of promotion', () => {
    const open = (Object.keys(routes) as RouteName[]).filter(
      (name) => name.includes('/tenants/{tenant}') && ['public', 'signed_in'].includes(routeSpec(name).permission),
    )
    const byKind = ['', '/{promotion}/retries', '/{promotion}/requests'].map((rest) => `POST /api/v1/tenants/{tenant}/promotions${rest}`)
    expect(open.filter((name) => !byKind.includes(name))).toEqual([])
  })

  it('has a public route only for signing in and for invitations', () => {
    const open = (Object.keys(routes) as RouteName[]).filter((name) => routeSpec(name).permission === 'public')
    const known = [
      'POST /api/v1/sessions',
      'GET /api/v1/invitations/{token}',
      'POST /api/v1/invitations/{token}/acceptances',
      'GET /api/v1/openapi.json',
    ]
    expect(open.filter((name) => !known.includes(name))).toEqual([])
  })
})
