import { attachStatementInput, type AttachStatementInput, type ChecklistView } from '#lib/evidence/checklist-view'
import { recordEvidence } from '#lib/evidence/commands/record-evidence'
import { factsOf, findAttachable, scopeOf } from '#lib/evidence/internal/attachable'
import { presentChecklist } from '#lib/evidence/queries/get-checklist'
import type { TenantContext } from '#lib/platform/context'

/** Attaches what somebody states in words. `conflict` for what Caisson records by itself; `forbidden` without the verb. */
export async function attachStatement(ctx: TenantContext, input: AttachStatementInput): Promise<ChecklistView> {
  const asked = attachStatementInput.parse(input)
  return ctx.write(async (tx) => {
    const { subject, control } = await findAttachable(tx, ctx, asked)
    await recordEvidence(tx, ctx, {
      control: control.id,
      part: asked.part,
      scope: scopeOf(subject),
      outcome: asked.outcome,
      summary: asked.summary,
      facts: factsOf(asked),
      content: { text: asked.text, mediaType: 'text/plain; charset=utf-8' },
      ...(asked.observedAt === undefined ? {} : { observedAt: new Date(asked.observedAt) }),
    })
    const { application, environment, release } = asked
    return presentChecklist(tx, ctx, { application, environment, release })
  })
}
