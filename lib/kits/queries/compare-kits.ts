import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import { loadKit, type LoadedKit } from '#lib/kits/internal/load-kit'
import { diffKits, type kitDiffInput, type KitDiffView } from '#lib/kits/kit-diff'
import type { TenantContext } from '#lib/platform/context'
import { Refusal } from '#lib/platform/refusal'

/** What differs between two revisions of a kit: which artifact, and line by line. Refuses (`conflict`) where there is nothing before. */
export async function compareKits(ctx: TenantContext, input: z.output<typeof kitDiffInput>): Promise<KitDiffView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const to = await loadKit(tx, input.kit, input.to)
    const number = input.from ?? to.revision.number - 1
    if (number < 1) {
      throw new Refusal('conflict', 'Revision 1 is the first: there is none before it to compare with.', { fix: 'Name two revisions of the kit.' })
    }
    const from = await loadKit(tx, input.kit, number)
    return { kit: input.kit, from: sideOf(from), to: sideOf(to), artifacts: diffKits(from.document, to.document) }
  })
}

function sideOf({ revision, document }: LoadedKit): KitDiffView['from'] {
  return { revision: revision.number, bundle: document.release.bundle, digest: revision.digest }
}
