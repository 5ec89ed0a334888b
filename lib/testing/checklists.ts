// A release that runs in dev with everything about it known but the signature, by the real commands.
import { attachStatement } from '#lib/evidence/commands/attach-statement'
import { signChecklist } from '#lib/evidence/commands/sign-checklist'
import { getChecklist } from '#lib/evidence/queries/get-checklist'
import { getSignOffText } from '#lib/evidence/queries/get-sign-off-text'
import { usualMeaning } from '#lib/evidence/sign-off-proof'
import type { TenantContext } from '#lib/platform/context'
import { actAs } from '#lib/testing/factories'
import { makeRelease, type MadeRelease } from '#lib/testing/releases'
import { makeRolloutStage, scriptedSpec } from '#lib/testing/rollouts'

export const declaredSpec = { ...scriptedSpec, stateMigration: 'none', requiredSecrets: [] as string[] } as const

/** What people attach; the rest is recorded or read by Caisson. */
export const attachedItems = [
  { control: 'alert-wiring' },
  { control: 'backup-proof' },
  { control: 'network' },
  { control: 'observability', form: 'monitors' },
  { control: 'recovery', part: 'data' },
  { control: 'recovery', part: 'secrets' },
] as const

export async function makeChecklistStage() {
  const stage = await makeRolloutStage({ replicas: 2 })
  const release: MadeRelease = await makeRelease(stage.tenant, stage.application, 'v1.2.0', { spec: declaredSpec })
  const { rolloutId } = await stage.ask('v1.2.0')
  await stage.settle(rolloutId)
  const place = { ...stage.place, release: 'v1.2.0' }
  const owner = await actAs(stage.tenant, 'evidence_owner')
  const sre = await actAs(stage.tenant, 'sre')
  const attach = (item: (typeof attachedItems)[number], ctx: TenantContext = sre) =>
    attachStatement(ctx, { ...place, ...item, summary: `Seen: ${item.control}.`, text: `It is so: ${JSON.stringify(item)}` })
  const attachAll = async () => {
    for (const item of attachedItems) await attach(item)
  }
  const look = (ctx: TenantContext = owner) => getChecklist(ctx, place)
  const sign = async (ctx: TenantContext = owner, words = { meaning: usualMeaning, comment: '' }) => {
    const { digest, preparedAt } = await getSignOffText(ctx, { ...place, ...words })
    return signChecklist(ctx, { ...place, ...words, preparedAt, statementDigest: digest })
  }
  return { ...stage, place, release, owner, sre, attach, attachAll, look, sign }
}
