// The changes of a period as JSONL: one header, one line for each change with the entries that prove it, one end.
import { z } from 'zod'
import type { ChangeView } from '#lib/kits/desk'
import type { CsvValue } from '#lib/audit/csv'

const provenEntry = z.strictObject({
  id: z.string(),
  seq: z.number().int().min(0).nullable(),
  content: z.string(),
  hash: z.string(),
  proof: z.array(z.string()).nullable(),
})

export const changesHeaderSchema = z.strictObject({
  type: z.literal('caisson-changes'),
  version: z.literal(1),
  tenant: z.string(),
  log: z.string(),
  from: z.string(),
  to: z.string(),
  environments: z.array(z.string()),
  exportedAt: z.string(),
  exportedBy: z.string(),
  /** The signed note that every proof leads to; '' where nothing is signed yet. */
  checkpoint: z.string(),
  /** The key of checkpoints. Trust the copy that you kept from before, not this one. */
  verifierLine: z.string(),
})
export type ChangesHeader = z.output<typeof changesHeaderSchema>

export const changeLineSchema = z.strictObject({
  type: z.literal('change'),
  /** What the line says; the entries beside it are the proof of it. */
  change: z.looseObject({ id: z.string(), planDigest: z.string(), approvals: z.array(z.looseObject({ by: z.looseObject({ id: z.string() }) })) }),
  entries: z.array(provenEntry),
})

/** `sha256` hex of every byte before this line. */
export const changesEndSchema = z.strictObject({ type: z.literal('end'), changes: z.number().int().min(0), sha256: z.string() })

/** One record for each change; lists are joined with `; `. */
export const changeColumns: readonly [head: string, value: (change: ChangeView) => CsvValue][] = [
  ['promotion', ({ id }) => id],
  ['at', ({ claimedAt }) => claimedAt],
  ['settled', ({ settledAt }) => settledAt],
  ['kind', ({ kind }) => kind],
  ['state', ({ state }) => state],
  ['application', ({ application }) => application.slug],
  ['release', ({ release }) => release],
  ['environment', ({ environment }) => environment.slug],
  ['digest', ({ digest }) => digest],
  ['configuration', ({ configRevision }) => configRevision],
  ['plan digest', ({ planDigest }) => planDigest],
  ['uploaded by', ({ uploadedBy }) => uploadedBy.map(({ name }) => name).join('; ')],
  ['requested by', ({ requestedBy }) => requestedBy.name],
  ['approved by', ({ approvals }) => approvals.map(({ by }) => by.name).join('; ')],
  ['deployed by', ({ deployedBy }) => deployedBy?.name ?? ''],
  ['two duties', ({ conflicts }) => conflicts.map(({ person, duties }) => `${person.name}: ${duties.join(' + ')}`).join('; ')],
  ['verification', ({ verification }) => verification],
  ['gates', ({ gates }) => gates.map(({ gate, outcome }) => `${gate}: ${outcome}`).join('; ')],
  ['exceptions', ({ exceptions }) => exceptions.map(({ words }) => words).join(' ')],
  ['reason', ({ reason }) => reason],
  ['incident', ({ incident }) => incident],
]
