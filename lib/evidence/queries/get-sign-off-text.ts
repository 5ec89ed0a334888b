import type { z } from 'zod'
import { authorize, requirePerson } from '#lib/access/authorize'
import type { signOffTextInput, SignOffTextView } from '#lib/evidence/checklist-view'
import { textFor } from '#lib/evidence/commands/sign-checklist'
import { maySign } from '#lib/evidence/may-sign'
import { loadChecklist } from '#lib/evidence/queries/get-checklist'
import { sha256Hex } from '#lib/platform/canonical-json'
import type { TenantContext } from '#lib/platform/context'

/** The exact text that the caller would sign now with these words. Nothing is written. */
export async function getSignOffText(ctx: TenantContext, input: z.output<typeof signOffTextInput>): Promise<SignOffTextView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const { meaning, comment, ...slugs } = input
    const { subject, checklist } = await loadChecklist(tx, ctx, slugs)
    const preparedAt = ctx.now().toISOString()
    const text = textFor(checklist, requirePerson(ctx.actor), { meaning, comment, preparedAt })
    return { text, digest: `sha256:${sha256Hex(text)}`, preparedAt, sign: maySign(ctx.actor, checklist, { environment: subject.environment }) }
  })
}
