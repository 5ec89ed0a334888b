// A refusal leaves nothing behind but one denied entry: proved by the contents of every table, before and after.
import { expect } from 'vitest'
import { flushDenials } from '#lib/audit/commands/record-denial'
import { database } from '#lib/platform/database'
import { refusalCodes, type RefusalCode } from '#lib/platform/refusal'
import type { RouteAnswer } from '#lib/testing/http'

export interface ExpectedRefusal {
  code: RefusalCode
  /** What its one sentence says. */
  words: RegExp
  fix?: RegExp
}

/** Rows that say only that somebody was here. */
const footprints = new Set([
  'session',
  'api_token',
  'audit_entry',
  'audit_unsealed',
  'audit_chain',
  'audit_node',
  'audit_checkpoint',
  'audit_log_state',
])

/** Makes a call that has to be refused: status, code and words; no row of any table differs; exactly one entry more, and it is *denied*. */
export async function expectRefusal(expected: ExpectedRefusal, call: () => Promise<RouteAnswer>): Promise<RouteAnswer> {
  // What was counted of earlier refusals is an entry when its minute ends, which may be now.
  await flushDenials()
  const before = await fingerprint()
  const answer = await call()
  const after = await fingerprint()
  expect(answer.body).toMatchObject({ code: expected.code })
  expect(answer.status).toBe(refusalCodes[expected.code].status)
  expect(answer.body.detail).toMatch(expected.words)
  if (expected.fix) expect(answer.body.fix).toMatch(expected.fix)
  expect(after.tables).toEqual(before.tables)
  const fresh = after.entries.filter(({ id }) => !before.entries.some((one) => one.id === id))
  expect(fresh.map(({ outcome }) => outcome)).toEqual(['denied'])
  expect(fresh[0]?.requestId).toBe(answer.body.requestId)
  expect(JSON.parse(fresh[0]?.content ?? '{}')).toMatchObject({ reason: expect.stringContaining(expected.code) })
  return answer
}

interface Fingerprint {
  tables: Record<string, string>
  entries: { id: string; outcome: string; requestId: string; content: string }[]
}

/** A digest of the rows of each table, and the entries of every log. The pool's own role sees all of them. */
async function fingerprint(): Promise<Fingerprint> {
  const { pool } = database()
  const { rows: names } = await pool.query<{ schema: string; name: string }>(
    `select schemaname as schema, tablename as name from pg_tables
     where (schemaname = 'public' or (schemaname = 'graphile_worker' and tablename like '%jobs')) order by 1, 2`,
  )
  const tables: Record<string, string> = {}
  for (const { schema, name } of names) {
    if (footprints.has(name)) continue
    const { rows } = await pool.query<{ digest: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest from "${schema}"."${name}" t`,
    )
    tables[`${schema}.${name}`] = rows[0]?.digest ?? ''
  }
  const { rows: entries } = await pool.query<Fingerprint['entries'][number]>(
    'select id, outcome, request_id as "requestId", content from audit_entry',
  )
  return { tables, entries }
}
