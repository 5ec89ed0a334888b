import type { z } from 'zod'
import { authorize, may } from '#lib/access/authorize'
import type { KitList, KitSummary, listKitsInput } from '#lib/kits/kit'
import { nextStage } from '#lib/kits/stages'
import type { TenantContext } from '#lib/platform/context'

interface Row {
  id: string
  application: string
  applicationName: string
  environment: string
  environmentName: string
  release: string
  revision: number
  stages: { stage: string; outcome: string }[]
  owner: string | null
  updatedAt: Date
}

/** Every kit in its newest revision, by application and environment. */
export async function listKits(ctx: TenantContext, input: z.output<typeof listKitsInput>): Promise<KitList> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const rows = await tx.$queryRaw<Row[]>`
      select k.id, a.slug as application, a.name as "applicationName", e.slug as environment, e.name as "environmentName", r.name as release,
        v.number as revision, v.created_at as "updatedAt",
        coalesce((select json_agg(json_build_object('stage', s.stage, 'outcome', s.outcome)) from kit_stage s where s.kit_id = k.id and s.revision = v.number), '[]') as stages,
        (select h.team from hand_off h where h.kit_id = k.id order by h.accepted_at desc limit 1) as owner
      from kit k join application a on a.id = k.application_id join environment e on e.id = k.environment_id
      join lateral (select * from kit_revision where kit_id = k.id order by number desc limit 1) v on true
      join release r on r.id = v.release_id
      where (${input.application ?? null}::text is null or a.slug = ${input.application ?? null})
        and (${input.environment ?? null}::text is null or e.slug = ${input.environment ?? null})
      order by a.slug, e.rank`
    return { items: rows.map(present), create: may(ctx.actor, 'kit.prepare') }
  })
}

function present(row: Row): KitSummary {
  const failed = row.stages.find(({ outcome }) => outcome === 'failed')
  const next = nextStage(row.stages.map((one) => ({ ...one, doneBy: '' })))
  return {
    id: row.id,
    application: { slug: row.application, name: row.applicationName },
    environment: { slug: row.environment, name: row.environmentName },
    release: row.release,
    revision: row.revision,
    stage: failed?.stage ?? next ?? '',
    standing: failed ? 'failed' : next ? 'under_way' : 'handed_off',
    owner: row.owner ?? '',
    updatedAt: row.updatedAt.toISOString(),
  }
}
