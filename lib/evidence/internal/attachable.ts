import { findControl, type Control } from '#lib/evidence/controls'
import { mayAttach } from '#lib/evidence/may-sign'
import { findChecklistSubject, type FoundSubject } from '#lib/evidence/queries/find-subject'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import { demand, Refusal } from '#lib/platform/refusal'

interface Asked {
  application: string
  environment: string
  release: string
  control: string
  part: string
  observedAt?: string | undefined
  form?: string | undefined
  testFiredAt?: string | undefined
}

/** The subject and the control that something is to be attached for, when the caller may and it makes sense. */
export async function findAttachable(tx: Tx, ctx: TenantContext, asked: Asked): Promise<{ subject: FoundSubject; control: Control }> {
  const subject = await findChecklistSubject(tx, asked)
  const control = findControl(asked.control)
  if (!control) throw new Refusal('not_found', `The checklist has no item ${asked.control}.`, { fix: 'Look at the checklist for its items.' })
  demand(mayAttach(ctx.actor, control, { environment: subject.environment }))
  const parts = control.parts.map(({ id }) => id)
  if (parts.length > 0 ? !parts.includes(asked.part) : asked.part !== '') {
    const fix = parts.length > 0 ? `Say which part: ${parts.join(' or ')}.` : 'Leave the part out.'
    throw new Refusal('invalid_input', `${control.title} has ${parts.length > 0 ? `the parts ${parts.join(' and ')}` : 'no parts'}.`, { fix })
  }
  const [clock] = await tx.$queryRaw<{ now: Date }[]>`select now() as now`
  const now = clock?.now ?? ctx.now()
  for (const at of [asked.observedAt, asked.testFiredAt]) {
    if (at !== undefined && new Date(at).getTime() > now.getTime() + 60_000) {
      throw new Refusal('invalid_input', `${at} is in the future, and nothing was seen there yet.`, { fix: 'Send the time at which it was seen.' })
    }
  }
  return { subject, control }
}

export function scopeOf({ application, environment, release }: FoundSubject) {
  return { applicationId: application.id, environmentId: environment.id, releaseId: release.id }
}

/** What a control asks to be said beside the evidence. */
export function factsOf(asked: Pick<Asked, 'form' | 'testFiredAt'>): Record<string, string> {
  return {
    ...(asked.form === undefined ? {} : { form: asked.form }),
    ...(asked.testFiredAt === undefined ? {} : { testFiredAt: new Date(asked.testFiredAt).toISOString() }),
  }
}
