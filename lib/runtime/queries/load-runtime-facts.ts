import { Prisma } from '#lib/platform/generated/client'
import { reading } from '#lib/platform/together'
import { runtimeFactsSchema, type RuntimeFacts } from '#lib/runtime/runtime-facts'

interface Row {
  key: string
  value: string
}

/** What workers told of each kind of runtime. */
export const runtimeRows = reading<Row>(Prisma.sql`select key, value from platform_setting where key like 'runtime:%'`)

/** By the kind of runtime. One that no worker ever told of, or that this version cannot read, is not there. */
export function runtimesOf(rows: readonly Row[]): Map<string, RuntimeFacts> {
  return new Map(
    rows.flatMap(({ key, value }) => {
      const parsed = runtimeFactsSchema.safeParse(JSON.parse(value))
      return parsed.success ? [[key.slice('runtime:'.length), parsed.data] as const] : []
    }),
  )
}
