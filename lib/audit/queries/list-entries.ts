import { entryContentSchema, platformLog, type EntryPage, type EntrySight, type EntryView, type ListEntriesInput } from '#lib/audit/entry'
import { Prisma } from '#lib/platform/generated/client'
import type { Context } from '#lib/platform/context'

interface EntryRow {
  id: string
  content: string
  hash: string
  at: Date
  seq: bigint | null
}

/** One page of the log of the context's tenant (the platform's without one), newest first. */
export async function listEntries(ctx: Context, input: ListEntriesInput, sight: EntrySight): Promise<EntryPage> {
  const log = ctx.tenant?.id ?? platformLog
  return ctx.read(async (tx) => {
    const conditions = [Prisma.sql`e.log = ${log}`, visible(sight), ...filters(input)]
    if (input.after !== undefined) {
      const [last] = await tx.$queryRaw<{ at: Date }[]>`select at from audit_entry where log = ${log} and id = ${input.after}`
      // An id of nobody's page ends the list: it tells nothing about other logs.
      if (!last) return { entries: [], next: null }
      conditions.push(Prisma.sql`(e.at, e.id) < (${last.at}::timestamptz, ${input.after})`)
    }
    const rows = await tx.$queryRaw<EntryRow[]>`
      select e.id, e.content, e.hash, e.at, c.seq from audit_entry e left join audit_chain c on c.entry_id = e.id
      where ${Prisma.join(conditions, ' and ')} order by e.at desc, e.id desc limit ${input.limit + 1}`
    const page = rows.slice(0, input.limit)
    return { entries: page.map(present), next: rows.length > input.limit ? (page.at(-1)?.id ?? null) : null }
  })
}

// Who is a member, signs in or holds a token is read by those with `audit.read`, and by each about themselves.
const actsOnPeople = String.raw`(member|invit|token|session|sign[-_]?in|password|credential|/people|/users|user\.|account\.)`
const peopleKinds = '^(member|membership|invitation|token|api_token|session|user|person|account|credential):'

/** The condition of a reader's sight, on `audit_entry e`. */
export function visible(sight: EntrySight): Prisma.Sql {
  if (sight.sees === 'log') return Prisma.sql`true`
  return Prisma.sql`(e.actor = ${sight.actorId} or (e.action !~* ${actsOnPeople} and e.subject !~* ${peopleKinds}))`
}

function filters(input: ListEntriesInput): Prisma.Sql[] {
  const found: Prisma.Sql[] = []
  if (input.actor !== undefined)
    found.push(Prisma.sql`(e.actor = ${input.actor} or e.content::json->'actor'->>'name' ilike ${anywhere(input.actor)})`)
  if (input.action !== undefined) found.push(Prisma.sql`e.action ilike ${`${likeName(input.action)}%`}`)
  if (input.subject !== undefined) {
    const { subject } = input
    found.push(
      Prisma.sql`(e.subject = ${subject} or e.subject like ${`${escape(subject)}:%`} or e.content::json->'subject'->>'name' ilike ${anywhere(subject)})`,
    )
  }
  if (input.outcome !== undefined) found.push(Prisma.sql`e.outcome = ${input.outcome}`)
  if (input.from !== undefined) found.push(Prisma.sql`e.at >= ${new Date(input.from)}::timestamptz`)
  if (input.to !== undefined) found.push(Prisma.sql`e.at < ${new Date(input.to)}::timestamptz`)
  if (input.text !== undefined) found.push(Prisma.sql`e.content ilike ${anywhere(input.text)}`)
  if (input.digest !== undefined) {
    const hex = input.digest.replace(/^sha(256|512):/, '')
    found.push(Prisma.sql`(e.content like ${anywhere(hex)} or e.hash like ${`${hex}%`})`)
  }
  return found
}

function anywhere(text: string): string {
  return `%${escape(text)}%`
}

/** The beginning of a name, also as its words: "freeze skip" begins `freeze.skip_withdrawn`. LIKE's `_` is any one character. */
function likeName(text: string): string {
  return escape(text).replaceAll(' ', '_')
}

/** What someone typed, taken literally by LIKE. */
function escape(text: string): string {
  return text.replaceAll('\0', '').replace(/[\\%_]/g, String.raw`\$&`)
}

function present({ content, hash, seq }: EntryRow): EntryView {
  return { ...entryContentSchema.parse(JSON.parse(content)), hash, seq: seq === null ? null : Number(seq) }
}
