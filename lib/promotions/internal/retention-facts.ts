import type { Tx } from '#lib/platform/database'
import type { RetentionFacts } from '#lib/promotions/retention'

/** By whom a pin of a person is known in the registry. */
export const personPin = 'person'

interface Row {
  id: string
  name: string
  sequence: number
  isPruned: boolean
  runsIn: string[]
  wayBackIn: string[]
  waitsFor: string[]
  pins: string[]
  kits: string[]
}

/** Every release of an application with what needs it. One statement, however many there are. */
export async function retentionFacts(tx: Tx, applicationId: string): Promise<RetentionFacts[]> {
  const rows = await tx.$queryRaw<Row[]>`
    with done as (
      select p.environment_id, p.release_id, max(p.settled_at) as at from promotion p
      where p.application_id = ${applicationId} and p.state = 'completed' and p.kind <> 'stop' group by 1, 2
    ), way_back as (
      select distinct on (c.environment_id) c.environment_id, c.release_id from done c
      where not exists (select 1 from deployment d
        where d.environment_id = c.environment_id and d.application_id = ${applicationId} and d.release_id = c.release_id)
        and not exists (select 1 from pruned_release x where x.release_id = c.release_id)
      order by c.environment_id, c.at desc
    )
    select r.id, r.name, r.sequence, exists (select 1 from pruned_release x where x.release_id = r.id) as "isPruned",
      array(select e.slug from deployment d join environment e on e.id = d.environment_id
        where d.application_id = ${applicationId} and d.release_id = r.id order by e.rank) as "runsIn",
      array(select e.slug from way_back w join environment e on e.id = w.environment_id where w.release_id = r.id order by e.rank) as "wayBackIn",
      array(select e.slug from promotion p join environment e on e.id = p.environment_id
        where p.release_id = r.id and p.state in ('requested', 'approved', 'rolling_out') order by e.rank) as "waitsFor",
      array(select distinct i.reason from release_component c join registry_pin i on i.digest = c.digest and i.pinned_by = ${personPin} || ':' || r.id
        where c.release_id = r.id) as pins,
      array(select distinct e.slug from kit_revision k join hand_off h on h.kit_id = k.kit_id and h.revision = k.number
        join kit t on t.id = k.kit_id join environment e on e.id = t.environment_id where k.release_id = r.id) as kits
    from release r where r.application_id = ${applicationId} order by r.sequence desc`
  return rows.map(({ id, name, sequence, isPruned, runsIn, wayBackIn, waitsFor, pins, kits }) => ({
    id,
    name,
    sequence,
    isPruned,
    needs: [
      ...worded('runs in', runsIn),
      ...worded('is the way back in', wayBackIn),
      ...worded('is on its way to', waitsFor),
      ...pins.map((reason) => `is pinned: ${reason}`),
      ...worded('is in an accepted kit of', kits),
    ],
  }))
}

function worded(what: string, places: readonly string[]): string[] {
  return places.length === 0 ? [] : [`${what} ${places.join(', ')}`]
}
