import { database } from '#lib/platform/database'
import { processFacts } from '#lib/runtime/drivers'
import { askGateway } from '#lib/runtime/gateway/control'
import type { RuntimeFacts } from '#lib/runtime/runtime-facts'

/** Looks at the process runtime of this machine and writes what it saw, for plans and for `/ready`. */
export async function recordRuntimeFacts(): Promise<void> {
  const [host, gateway] = await Promise.all([processFacts(), askGateway()])
  const facts: Omit<RuntimeFacts, 'at'> = { ...host, gateway }
  await database().pool.query(
    `insert into platform_setting (key, value) values ('runtime:process', ($1::jsonb || jsonb_build_object('at', now()))::text)
     on conflict (key) do update set value = excluded.value`,
    [JSON.stringify(facts)],
  )
}
