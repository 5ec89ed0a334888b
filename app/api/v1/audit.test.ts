import { beforeAll, describe, expect, it } from 'vitest'
import { GET as entries } from '#app/api/v1/tenants/[tenant]/audit/entries/route'
import { GET as proof } from '#app/api/v1/tenants/[tenant]/audit/entries/[id]/proof/route'
import { GET as exportLog } from '#app/api/v1/tenants/[tenant]/audit/export/route'
import { GET as status } from '#app/api/v1/tenants/[tenant]/audit/status/route'
import { POST as verify } from '#app/api/v1/tenants/[tenant]/audit/verifications/route'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { sealAll } from '#lib/audit/commands/start-sequencer'
import { verifyExport } from '#lib/audit/verify-export'
import { createContext, type TenantRef } from '#lib/platform/context'
import { useTestDatabase } from '#lib/testing/database'
import { asPlatform, makePerson, makeTenant, type Person } from '#lib/testing/factories'
import { callRoute } from '#lib/testing/http'

useTestDatabase()

let tenant: TenantRef
let auditor: Person
let admin: Person
let viewer: Person
let stranger: Person

const at = (method: string, path: string, as: Person, params: Record<string, string> = {}) => ({
  method,
  path: `/api/v1/tenants/{tenant}/audit${path}`,
  params: { tenant: tenant.slug, ...params },
  as,
})
const deniedOf = (person: Person): Promise<number> => asPlatform((tx) => tx.auditEntry.count({ where: { actor: person.id, outcome: 'denied' } }))

beforeAll(async () => {
  tenant = await makeTenant()
  auditor = await makePerson({ tenant, roles: ['auditor'] })
  admin = await makePerson({ tenant, roles: ['tenant_admin'] })
  viewer = await makePerson({ tenant, roles: ['viewer'] })
  stranger = await makePerson({ tenant: await makeTenant(), roles: ['auditor'] })
  const ctx = createContext({ tenant, actor: admin })
  await ctx.write(async (tx) => {
    await appendEntry(tx, ctx, { action: 'release.sealed', subject: { kind: 'release', id: 'r1' } })
    await appendEntry(tx, ctx, { action: 'token.created', subject: { kind: 'token', id: 't1' } })
  })
  await sealAll()
})

describe('the audit log over the API', () => {
  it('shows an auditor all and another member what everyone can see', async () => {
    const all = await callRoute(entries, at('GET', '/entries', auditor))
    expect(all.body.entries).toMatchObject([{ action: 'token.created' }, { action: 'release.sealed' }])
    const some = await callRoute(entries, at('GET', '/entries', viewer))
    expect(some.body.entries).toMatchObject([{ action: 'release.sealed', seq: 0 }])
    const hidden = { id: String(all.body.entries[0].id) }
    expect((await callRoute(proof, at('GET', '/entries/{id}/proof', auditor, hidden))).body).toMatchObject({ seq: 1, checkpoint: { size: 2 } })
    expect(await callRoute(proof, at('GET', '/entries/{id}/proof', viewer, hidden))).toMatchObject({ status: 404, body: { code: 'not_found' } })
    expect((await callRoute(status, at('GET', '/status', viewer))).body).toMatchObject({ checkpoint: { size: 2 }, findings: [] })
  })

  it('lets an auditor take it out, verifiably, and writes down that they did', async () => {
    const answer = await callRoute(exportLog, at('GET', '/export', auditor))
    expect(answer.status).toBe(200)
    const lines = String(answer.body).split('\n')
    expect(await verifyExport(lines)).toMatchObject({ log: tenant.id, isOk: true, size: 2 })
    const after = await callRoute(entries, at('GET', '/entries', auditor))
    expect(after.body.entries[0]).toMatchObject({ action: 'audit.exported', actor: { id: auditor.id }, after: { size: 2 } })
  })

  it('verifies on demand and keeps the result', async () => {
    const answer = await callRoute(verify, at('POST', '/verifications', admin))
    expect(answer).toMatchObject({ status: 201, body: { isOk: true, size: 2, findings: [] } })
    expect((await callRoute(status, at('GET', '/status', auditor))).body.verification).toMatchObject({ size: 2 })
  })

  it.each([
    ['export', () => callRoute(exportLog, at('GET', '/export', viewer)), () => viewer, 403],
    ['export by an administrator', () => callRoute(exportLog, at('GET', '/export', admin)), () => admin, 403],
    ['verification', () => callRoute(verify, at('POST', '/verifications', viewer)), () => viewer, 403],
    ['another tenant’s log', () => callRoute(entries, at('GET', '/entries', stranger)), () => stranger, 404],
  ] as const)('refuses %s to who may not, with one denied entry', async (_what, call, who, expected) => {
    const before = await deniedOf(who())
    expect((await call()).status).toBe(expected)
    expect(await deniedOf(who())).toBe(before + 1)
  })
})
