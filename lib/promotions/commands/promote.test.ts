import { describe, expect, it } from 'vitest'
import type { TenantContext, TenantRef } from '#lib/platform/context'
import { approvePromotion } from '#lib/promotions/commands/approve-promotion'
import { requestPromotion } from '#lib/promotions/commands/request-promotion'
import { getPromotion } from '#lib/promotions/queries/get-promotion'
import { useTestDatabase } from '#lib/testing/database'
import { actAs, asPlatform, makeApplication, makeTenant } from '#lib/testing/factories'
import { completeRollout } from '#lib/testing/promotions'
import { makeRelease } from '#lib/testing/releases'

const test = useTestDatabase()

async function makeStage() {
  const tenant = await makeTenant()
  const application = await makeApplication(tenant)
  const manager = await actAs(tenant, 'release_manager')
  const approver = await actAs(tenant, 'approver')
  const release = await makeRelease(tenant, application, 'v1.0.0')
  return { tenant, application, manager, approver, release }
}

describe('a promotion', () => {
  it('S2.2: carries one digest from dev over staging to prod, where another person approves the plan', async () => {
    void test
    const { application, manager, approver, release } = await makeStage()
    const ask = (environment: string) => requestPromotion(manager, { application: application.slug, environment, release: release.name })
    const dev = await ask('dev')
    expect(dev).toMatchObject({ kind: 'deploy', state: 'rolling_out', digest: release.digest })
    await completeRollout(manager, dev.id)
    const staging = await ask('staging')
    expect(staging).toMatchObject({ kind: 'promote', state: 'rolling_out' })
    await completeRollout(manager, staging.id)
    const prod = await ask('prod')
    expect(prod).toMatchObject({ kind: 'promote', state: 'requested' })
    const approved = await approvePromotion(approver, { promotion: prod.id, planDigest: prod.planDigest })
    expect(approved.state).toBe('rolling_out')
    await completeRollout(manager, prod.id)
    expect((await getPromotion(manager, { promotion: prod.id })).state).toBe('completed')
    const rows = await asPlatform((tx) => tx.deployment.findMany({ where: { applicationId: application.id } }))
    expect(rows.map(({ releaseId }) => releaseId)).toEqual([release.id, release.id, release.id])
  })
})

export type { TenantContext, TenantRef }
