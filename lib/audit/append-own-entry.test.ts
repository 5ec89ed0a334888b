import { describe, expect, it } from 'vitest'
import { appendOwnEntry } from '#lib/audit/commands/append-own-entry'
import { sealAll } from '#lib/audit/commands/start-sequencer'
import { examineLog } from '#lib/audit/commands/sweep-log'
import { createContext, type TenantContext } from '#lib/platform/context'
import { useTestDatabase } from '#lib/testing/database'
import { actAs, asPlatform, makeTenant } from '#lib/testing/factories'

useTestDatabase()

const say = (ctx: TenantContext, id: string) =>
  appendOwnEntry(ctx, { action: 'promotion.request', subject: { kind: 'route', id }, outcome: 'denied' })
const count = (ctx: TenantContext) => asPlatform((tx) => tx.auditEntry.count({ where: { log: ctx.tenant.id } }))

describe('entries of their own', () => {
  it('are committed when they are acknowledged, each once, in the log of its tenant, and sealed with everything else', async () => {
    const [ours, theirs] = [await actAs(await makeTenant(), 'developer'), await actAs(await makeTenant(), 'developer')]
    await Promise.all(
      Array.from({ length: 700 }, async (_, index) => {
        const ctx = index % 2 === 0 ? ours : theirs
        await say(ctx, `r${index}`)
        if (index % 100 === 0) expect(await count(ctx)).toBeGreaterThan(0)
      }),
    )
    expect([await count(ours), await count(theirs)]).toEqual([350, 350])
    const subjects = await asPlatform((tx) => tx.auditEntry.findMany({ where: { log: ours.tenant.id }, select: { subject: true } }))
    expect(new Set(subjects.map(({ subject }) => subject)).size).toBe(350)
    await sealAll()
    expect(await examineLog(ours.tenant.id)).toMatchObject({ size: 350, findings: [] })
  })

  it('are all told when their batch cannot be written, and those after them are written', async () => {
    const ctx = await actAs(await makeTenant(), 'developer')
    const broken = createContext({ actor: ctx.actor, tenant: ctx.tenant })
    broken.write = () => Promise.reject(new Error('the disk is full'))
    const results = await Promise.allSettled([say(broken, 'a'), say(ctx, 'b')])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await say(ctx, 'c')
    expect(await count(ctx)).toBe(1)
  })
})
