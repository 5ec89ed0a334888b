import { jarFactsSchema } from '#lib/tenants/jar-facts'
import type { Tx } from '#lib/platform/database'
import { judgeContract, togetherOf, type ContractJudgement, type ContractOf } from '#lib/promotions/database-contract'

const migrationsSchema = jarFactsSchema.shape.migrations

/** The releases that were ever started in a place, the newest start first, by id, with the migrations inside their JARs. */
export async function loadContracts(tx: Tx, place: { environmentId: string; applicationId: string }): Promise<Map<string, ContractOf>> {
  const rows = await tx.$queryRaw<{ id: string; name: string; migrations: (object | null)[] }[]>`
    with started as (
      select p.release_id, max(coalesce(p.settled_at, p.requested_at)) as at from promotion p join rollout o on o.promotion_id = p.id
      where p.application_id = ${place.applicationId} and p.environment_id = ${place.environmentId} and p.kind <> 'stop'
        and (o.phase in ('applying', 'applied') or o.failed_phase in ('applying', 'applied'))
      group by p.release_id order by at desc limit 100)
    select r.id, r.name, array_agg(a.facts::jsonb -> 'migrations') as migrations
    from started s join release r on r.id = s.release_id join release_component c on c.release_id = r.id
    join image i on i.id = c.image_id left join artifact a on a.id = i.artifact_id
    group by r.id, r.name, s.at order by s.at desc`
  return new Map(
    rows.map(({ id, name, migrations }) => [id, { name, migrations: togetherOf(migrations.map((one) => migrationsSchema.parse(one ?? undefined))) }]),
  )
}

/** What going back to a release means for the database, by everything else that was started here. */
export function contractWith(contracts: ReadonlyMap<string, ContractOf>, target: { id: string; name: string }): ContractJudgement {
  const others = [...contracts].filter(([id]) => id !== target.id).map(([, contract]) => contract)
  return judgeContract(contracts.get(target.id) ?? { name: target.name, migrations: undefined }, others)
}
