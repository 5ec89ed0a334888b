import type { z } from 'zod'
import { authorize, may } from '#lib/access/authorize'
import { checkConfig } from '#lib/configuration/check-config'
import { compareEntries } from '#lib/configuration/entries'
import { explainLayers } from '#lib/configuration/layers'
import { currentRevision, findRevision } from '#lib/configuration/queries/current-revision'
import { findPlace, type Place } from '#lib/configuration/queries/find-place'
import { presentDefaults } from '#lib/configuration/queries/list-defaults'
import { presentRevision } from '#lib/configuration/queries/list-revisions'
import { presentSecrets } from '#lib/configuration/queries/list-secrets'
import { loadKnownKeys, loadProperties } from '#lib/configuration/queries/load-schemas'
import type { ConfigurationView, placeInput, PropertiesView } from '#lib/configuration/revision'
import type { SecretView } from '#lib/configuration/secret'
import type { TenantContext } from '#lib/platform/context'
import type { Tx } from '#lib/platform/database'
import type { Verdict } from '#lib/platform/refusal'
import { componentSpecSchema } from '#lib/tenants/component-spec'

/** What counts in a place, where each value comes from, what is wrong with it, and what runs instead. */
export async function getConfiguration(ctx: TenantContext, input: z.output<typeof placeInput>): Promise<ConfigurationView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const place = await findPlace(tx, input)
    const { application, environment } = place
    const current = await currentRevision(tx, environment.id, application.id)
    const newest = await presentRevision(tx, application.id, environment.id, current.number)
    if (!newest) throw new TypeError('the newest revision has no view')
    const defaults = { application: await presentDefaults(tx, application), environment: await presentDefaults(tx, environment) }
    const release = await releaseHere(tx, place)
    const secrets = await presentSecrets(tx, place)
    const known = await loadKnownKeys(tx, release?.components.map(({ configSchema }) => configSchema) ?? [])
    const components = (release?.components ?? []).map(({ spec, configSchema }) => ({ spec, known: known.get(configSchema) }))
    const set = new Set(secrets.filter(({ state }) => state === 'set').map(({ name }) => name))
    const described = release?.components.find(({ configSchema }) => known.has(configSchema))
    return {
      application: { slug: application.slug, name: application.name },
      environment: { slug: environment.slug, name: environment.name, isProtected: environment.isProtected },
      newest,
      entries: explainLayers({ application: defaults.application.document, environment: defaults.environment.document, place: current.own }),
      defaults,
      running: await runningHere(tx, place, secrets),
      schema: release && described ? { release: release.name, digest: described.configSchema, count: described.count } : null,
      problems: checkConfig(newest.document, components, set),
      edit: may(ctx.actor, 'overlay.edit', { environment }),
      editDefaults: {
        application: await mayEverywhere(ctx, tx),
        environment: may(ctx.actor, 'overlay.edit', { environment }),
      },
    }
  })
}

/** The properties that the release here knows, for completion and help while editing. */
export async function getProperties(ctx: TenantContext, input: z.output<typeof placeInput>): Promise<PropertiesView> {
  authorize(ctx.actor, 'tenant.read')
  return ctx.read(async (tx) => {
    const release = await releaseHere(tx, await findPlace(tx, input))
    const lists = await Promise.all(
      [...new Set(release?.components.map(({ configSchema }) => configSchema))].map((digest) => loadProperties(tx, digest)),
    )
    const specs = release?.components.map(({ spec }) => spec) ?? []
    return {
      release: release?.name ?? null,
      items: lists.flat(),
      required: [...new Set(specs.flatMap(({ requiredKeys }) => requiredKeys))],
      declared: [...new Set(specs.flatMap(({ environment }) => Object.keys(environment)))],
    }
  })
}

/** An application's defaults count in every environment, so whoever saves them may edit in each. */
async function mayEverywhere(ctx: TenantContext, tx: Tx): Promise<Verdict> {
  const environments = await tx.environment.findMany({ orderBy: { rank: 'asc' } })
  const verdicts = environments.map((environment) => may(ctx.actor, 'overlay.edit', { environment }))
  return verdicts.find(({ allowed }) => !allowed) ?? may(ctx.actor, 'overlay.edit')
}

interface ReleaseHere {
  name: string
  components: { spec: z.output<typeof componentSpecSchema>; configSchema: string; count: number }[]
}

/** The release that runs here, else the newest of the application. */
async function releaseHere(tx: Tx, { application, environment }: Place): Promise<ReleaseHere | undefined> {
  const rows = await tx.$queryRaw<{ name: string; spec: string; configSchema: string; count: number }[]>`
    with chosen as (
      select r.id, r.name from release r left join deployment d on d.release_id = r.id and d.environment_id = ${environment.id}
      where r.application_id = ${application.id} order by d.id nulls last, r.sequence desc limit 1)
    select chosen.name, c.spec, i.config_schema as "configSchema", coalesce(s.count, 0) as count
    from chosen join release_component c on c.release_id = chosen.id join image i on i.id = c.image_id
    left join config_schema s on s.digest = i.config_schema and s.tenant_id = i.tenant_id order by c.component`
  const [first] = rows
  if (!first) return undefined
  return {
    name: first.name,
    components: rows.map(({ spec, configSchema, count }) => ({ spec: componentSpecSchema.parse(JSON.parse(spec)), configSchema, count })),
  }
}

async function runningHere(tx: Tx, { application, environment }: Place, secrets: readonly SecretView[]): Promise<ConfigurationView['running']> {
  const [row] = await tx.$queryRaw<{ revision: number; release: string }[]>`
    select d.config_revision as revision, r.name as release from deployment d join release r on r.id = d.release_id
    where d.environment_id = ${environment.id} and d.application_id = ${application.id}`
  if (!row) return null
  const then = await findRevision(tx, environment.id, application.id, row.revision)
  const now = await currentRevision(tx, environment.id, application.id)
  const changes = compareEntries(then?.document, now.document).filter(({ change }) => change !== 'same').length
  const secretsChanged = secrets.filter(({ changedSinceDeployed, usedBy }) => changedSinceDeployed && usedBy.length > 0).map(({ name }) => name)
  return { ...row, changes, secretsChanged }
}
