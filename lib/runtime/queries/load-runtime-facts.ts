import type { Tx } from '#lib/platform/database'
import { runtimeFactsSchema, type RuntimeFacts } from '#lib/runtime/runtime-facts'

/** By the kind of runtime. One that no worker ever told of, or that this version cannot read, is not there. */
export async function loadRuntimeFacts(tx: Tx): Promise<Map<string, RuntimeFacts>> {
  const rows = await tx.$queryRaw<{ key: string; value: string }[]>`select key, value from platform_setting where key like 'runtime:%'`
  return new Map(
    rows.flatMap(({ key, value }) => {
      const parsed = runtimeFactsSchema.safeParse(JSON.parse(value))
      return parsed.success ? [[key.slice('runtime:'.length), parsed.data] as const] : []
    }),
  )
}
