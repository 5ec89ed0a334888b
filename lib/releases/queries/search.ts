import { z } from 'zod'
import { authorize } from '#lib/access/authorize'
import type { TenantContext } from '#lib/platform/context'
import type { SearchHit } from '#lib/releases/release'

export const searchInput = z.strictObject({ q: z.string().trim().min(2).max(100) })

interface Row {
  kind: SearchHit['kind']
  title: string
  detail: string
  path: string
}

/** Everywhere a digest, tag, commit, JAR hash or name is or was, best first; at most 20. */
export async function search(ctx: TenantContext, input: z.output<typeof searchInput>): Promise<{ hits: SearchHit[] }> {
  authorize(ctx.actor, 'tenant.read')
  const needle = input.q.replace(/[\\%_]/g, String.raw`\$&`)
  const prefix = `${needle.replace(/^sha(256)?[:-]/, '')}%`
  const part = `%${needle}%`
  return ctx.read(async (tx) => {
    const rows = await tx.$queryRaw<Row[]>`
      (select 'application' as kind, a.name as title, 'application' as detail, '/releases?application=' || a.slug as path
       from application a where a.slug ilike ${part} or a.name ilike ${part} order by a.slug limit 5)
      union all
      (select 'environment', e.name, 'environment', '/environments/' || e.slug from environment e where e.slug ilike ${part} limit 5)
      union all
      (select 'release', a.slug || ' ' || r.name, 'release of ' || to_char(r.created_at, 'YYYY-MM-DD'), '/releases/' || a.slug || '/' || r.name
       from release r join application a on a.id = r.application_id
       where r.name ilike ${part} or r.commit ilike ${prefix} order by r.id desc limit 10)
      union all
      (select 'image', a.slug || ' ' || r.name, 'image ' || c.digest, '/releases/' || a.slug || '/' || r.name
       from release_component c join release r on r.id = c.release_id join application a on a.id = r.application_id
       where c.digest like ${`sha256:${prefix}`} order by r.id desc limit 5)
      union all
      (select 'artifact', a.slug || ' ' || r.name, 'JAR ' || f.digest, '/releases/' || a.slug || '/' || r.name
       from artifact f join image i on i.artifact_id = f.id join release_component c on c.image_id = i.id
       join release r on r.id = c.release_id join application a on a.id = r.application_id
       where f.digest like ${`sha256:${prefix}`} order by r.id desc limit 5)
      union all
      (select 'promotion', a.slug || ' → ' || e.slug, 'ran ' || r.name || ', ' || p.state || ' ' || to_char(p.requested_at, 'YYYY-MM-DD'), '/promotions/' || p.id
       from promotion p join application a on a.id = p.application_id join environment e on e.id = p.environment_id
       join release r on r.id = p.release_id join release_component c on c.release_id = r.id
       where c.digest like ${`sha256:${prefix}`} or p.plan_digest like ${`sha256:${prefix}`} order by p.id desc limit 10)`
    return { hits: rows.slice(0, 20).map(({ path, ...hit }) => ({ ...hit, href: `/t/${ctx.tenant.slug}${path}` })) }
  })
}
