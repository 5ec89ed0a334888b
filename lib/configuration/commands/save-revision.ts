import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import { writeRevision } from '#lib/configuration/commands/write-revision'
import { layerDocumentSchema } from '#lib/configuration/config-document'
import { currentRevision, findRevision } from '#lib/configuration/queries/current-revision'
import { findPlace, type Place } from '#lib/configuration/queries/find-place'
import { presentRevision } from '#lib/configuration/queries/list-revisions'
import type { restoreInput, Revision, RevisionView, SaveRevisionInput } from '#lib/configuration/revision'
import type { TenantContext } from '#lib/platform/context'
import { isUniqueViolation, type Tx } from '#lib/platform/database'
import { Refusal } from '#lib/platform/refusal'

/**
 * Saves what a place says from now on as the next revision. Nothing runs with it before it is applied by a promotion. Refuses
 * (`conflict`) when somebody saved one since the editor's; a document that says what the newest one says is answered as it is.
 */
export async function saveRevision(ctx: TenantContext, input: SaveRevisionInput): Promise<RevisionView> {
  const document = layerDocumentSchema.parse(input.document)
  return change(ctx, input, (tx, place, current) => writeRevision(tx, ctx, place, current, document))
}

/** Makes what an older revision was the newest one again: the same effective values, whatever the defaults say now. */
export async function restoreRevision(ctx: TenantContext, input: z.output<typeof restoreInput>): Promise<RevisionView> {
  return change(ctx, input, async (tx, place, current) => {
    const older = await findRevision(tx, place.environment.id, place.application.id, input.number)
    if (!older) throw new Refusal('not_found', `${input.application} has no configuration r${input.number} in ${input.environment}.`)
    if (older.hash === current.hash) {
      throw new Refusal('conflict', `r${older.number} says what r${current.number}, the newest, says.`, { fix: 'There is nothing to restore.' })
    }
    const note = `restored from r${older.number}`
    const again = await writeRevision(tx, ctx, place, current, older.own, note)
    if (again.hash === older.hash) return again
    throw new Refusal('conflict', `The defaults changed since r${older.number}: over those of now, it would be another configuration than it was.`, {
      fix: 'Open it in the editor, look at what the defaults say now, and save it as you want it.',
    })
  })
}

async function change(
  ctx: TenantContext,
  input: { application: string; environment: string; expected: number },
  write: (tx: Tx, place: Place, current: Revision) => Promise<Revision>,
): Promise<RevisionView> {
  try {
    return await ctx.write(async (tx) => {
      const place = await findPlace(tx, input)
      authorize(ctx.actor, 'overlay.edit', { environment: place.environment })
      const current = await currentRevision(tx, place.environment.id, place.application.id)
      if (current.number !== input.expected) throw lost(place, current.number, input.expected)
      const { number } = await write(tx, place, current)
      const view = await presentRevision(tx, place.application.id, place.environment.id, number)
      if (!view) throw new TypeError('a revision that was just written has no view')
      return view
    })
  } catch (error) {
    if (!isUniqueViolation(error, 'number')) throw error
    throw new Refusal(
      'conflict',
      `Somebody saved configuration r${input.expected + 1} of ${input.application} in ${input.environment} a moment ago.`,
      { fix: 'Open the newest revision, look at what changed, and save again.' },
    )
  }
}

function lost(place: Place, newest: number, expected: number): Refusal {
  return new Refusal(
    'conflict',
    `${place.application.slug} in ${place.environment.slug} has configuration r${newest}; this was made from r${expected}.`,
    { fix: 'Open the newest revision, look at what changed, and save again.', details: { newest } },
  )
}
