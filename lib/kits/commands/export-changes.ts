import { createHash } from 'node:crypto'
import { authorize } from '#lib/access/authorize'
import { appendEntry } from '#lib/audit/commands/append-entry'
import { csvLine } from '#lib/audit/csv'
import { proveSubjects } from '#lib/audit/queries/prove-subjects'
import { changeColumns, type ChangesHeader } from '#lib/kits/changes-format'
import { mostChanges, type ChangeView, type ExportChangesInput } from '#lib/kits/desk'
import { findScope } from '#lib/kits/queries/get-desk'
import { loadChanges } from '#lib/kits/queries/load-changes'
import { actorId, type TenantContext } from '#lib/platform/context'
import { Refusal } from '#lib/platform/refusal'

const proofsAtOnce = 50

/**
 * The changes of a period as lines of text. That they left the house is an entry of its own, written before the first line is.
 * Refuses a period with more changes than one file has, because a file that leaves some out would look complete.
 */
export async function exportChanges(ctx: TenantContext, input: ExportChangesInput): Promise<AsyncGenerator<string>> {
  authorize(ctx.actor, 'audit.export')
  const { format, ...asked } = input
  const found = await ctx.write(async (tx) => {
    const scope = await findScope(tx, ctx, asked)
    const changes = await loadChanges(tx, ctx.tenant, scope)
    if (changes.length > mostChanges) {
      throw new Refusal('too_large', `The period has more than ${mostChanges} changes.`, { fix: 'Export it in parts.' })
    }
    const { head } = await proveSubjects(tx, ctx.tenant.id, [])
    const after = { format, from: scope.from, to: scope.to, environments: scope.environments.map(({ slug }) => slug), changes: changes.length }
    await appendEntry(tx, ctx, { action: 'changes.exported', subject: { kind: 'tenant', id: ctx.tenant.id, name: ctx.tenant.slug }, after })
    return { scope, changes, head }
  })
  if (format === 'csv') return csvOf(found.changes)
  const header: ChangesHeader = {
    type: 'caisson-changes',
    version: 1,
    tenant: ctx.tenant.slug,
    log: ctx.tenant.id,
    from: found.scope.from.toISOString(),
    to: found.scope.to.toISOString(),
    environments: found.scope.environments.map(({ slug }) => slug),
    exportedAt: ctx.now().toISOString(),
    exportedBy: actorId(ctx.actor),
    checkpoint: found.head?.checkpoint.note ?? '',
    verifierLine: found.head?.verifierLine ?? '',
  }
  return jsonlOf(ctx, header, found.changes, found.head)
}

async function* csvOf(changes: readonly ChangeView[]): AsyncGenerator<string> {
  yield csvLine(changeColumns.map(([head]) => head))
  for (const change of changes) yield csvLine(changeColumns.map(([, value]) => value(change)))
}

async function* jsonlOf(
  ctx: TenantContext,
  header: ChangesHeader,
  changes: readonly ChangeView[],
  head: Awaited<ReturnType<typeof proveSubjects>>['head'],
): AsyncGenerator<string> {
  const hash = createHash('sha256')
  const line = (value: unknown): string => {
    const text = `${JSON.stringify(value)}\n`
    hash.update(text)
    return text
  }
  yield line(header)
  for (let start = 0; start < changes.length; start += proofsAtOnce) {
    const part = changes.slice(start, start + proofsAtOnce)
    const proven = await ctx.read(async (tx) => {
      const all = []
      for (const { id } of part) all.push((await proveSubjects(tx, ctx.tenant.id, [`promotion:${id}`], head)).entries)
      return all
    })
    for (const [index, change] of part.entries()) yield line({ type: 'change', change, entries: proven[index] ?? [] })
  }
  yield `${JSON.stringify({ type: 'end', changes: changes.length, sha256: hash.digest('hex') })}\n`
}
