import type { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import { compareEntries, entriesOf, entryGroups, type ConfigEntry } from '#lib/configuration/entries'
import { currentRevision } from '#lib/configuration/queries/current-revision'
import { findPlace } from '#lib/configuration/queries/find-place'
import { presentRevision } from '#lib/configuration/queries/list-revisions'
import type { diffInput, matrixInput, MatrixView, Revision, RevisionDiffView } from '#lib/configuration/revision'
import type { TenantContext } from '#lib/platform/context'
import { Refusal } from '#lib/platform/refusal'
import { findApplication } from '#lib/tenants/queries/find-application'

/** Any two revisions of an application, also of two environments, key by key. */
export async function compareRevisions(ctx: TenantContext, input: z.output<typeof diffInput>): Promise<RevisionDiffView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const { application, environment } = await findPlace(tx, input)
    const other = input.toEnvironment === undefined ? environment : (await findPlace(tx, { ...input, environment: input.toEnvironment })).environment
    const find = async (place: typeof environment, number: number) => {
      const revision = await presentRevision(tx, application.id, place.id, number)
      if (!revision) throw new Refusal('not_found', `${application.slug} has no configuration r${number} in ${place.slug}.`)
      return revision
    }
    const before = await find(environment, input.from)
    const after = await find(other, input.to)
    const all = compareEntries(before.document, after.document)
    return {
      from: { environment: environment.slug, number: before.number },
      to: { environment: other.slug, number: after.number },
      changes: all.filter(({ change }) => change !== 'same'),
      same: all.filter(({ change }) => change === 'same').length,
    }
  })
}

/** Every key of an application by environment: what the newest revision says in each; null where it is not set. */
export async function getMatrix(ctx: TenantContext, input: z.output<typeof matrixInput>): Promise<MatrixView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const application = await findApplication(tx, input.application)
    const environments = await tx.environment.findMany({ orderBy: [{ rank: 'asc' }, { slug: 'asc' }] })
    const columns: { environment: { slug: string; name: string }; revision: Revision; entries: Map<string, ConfigEntry> }[] = []
    for (const environment of environments) {
      const revision = await currentRevision(tx, environment.id, application.id)
      columns.push({ environment, revision, entries: new Map(entriesOf(revision.document).map((entry) => [idOf(entry), entry])) })
    }
    const all = new Map(columns.flatMap(({ entries }) => [...entries]))
    const order = ({ group }: ConfigEntry) => entryGroups.indexOf(group)
    const rows = [...all.values()].toSorted((a, b) => order(a) - order(b) || (a.key < b.key ? -1 : 1))
    return {
      environments: columns.map(({ environment, revision }) => ({ slug: environment.slug, name: environment.name, revision: revision.number })),
      rows: rows.map((entry) => {
        const cells = columns.map(({ entries }) => entries.get(idOf(entry))?.text ?? null)
        return { group: entry.group, key: entry.key, isSame: cells.every((cell) => cell === cells[0]), cells }
      }),
    }
  })
}

function idOf({ group, key }: ConfigEntry): string {
  return `${group} ${key}`
}
