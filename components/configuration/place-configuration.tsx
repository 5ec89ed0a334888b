'use client'
import { parseAsInteger, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useMemo, type ReactNode } from 'react'
import { EffectiveValues } from '#components/configuration/effective-values'
import { LayerEditor } from '#components/configuration/layer-editor'
import { ProblemList } from '#components/configuration/problem-list'
import { useConfiguration } from '#components/configuration/use-configuration'
import { tenantKey, tenantPath, useApi } from '#components/live'
import { Banner } from '#components/ui/banner'

import { Loaded } from '#components/ui/loaded'
import { Select } from '#components/ui/select'
import { emptyLayerShape, type LayerChoice } from '#components/configuration/layer-choice'
import { SheetAct } from '#components/sheet/sheet-act'
import type { LintFacts } from '#lib/configuration/lint-layer'
import type { ConfigurationView, PropertiesView, RevisionView } from '#lib/configuration/revision'
import type { SecretsView } from '#lib/configuration/secret'

interface PlaceConfigurationProps {
  tenant: string
  application: string
  environment: string
}

/** The configuration of one application in one environment: what waits to be applied, what is wrong, the editor, what counts. */
export function PlaceConfiguration({ tenant, application, environment }: PlaceConfigurationProps): ReactNode {
  const view = useConfiguration(tenant, application, environment)
  return (
    <Loaded query={view} label="Loading the configuration">
      {(data) => (
        <div className="grid gap-4">
          <ApplyBanner tenant={tenant} view={data} />
          <ProblemList problems={data.problems} />
          <div className="grid items-start gap-4 xl:grid-cols-2">
            <Editor tenant={tenant} view={data} />
            <EffectiveValues entries={data.entries} revision={data.newest.number} application={application} environment={environment} />
          </div>
        </div>
      )}
    </Loaded>
  )
}

/** What is saved and does not run yet, with the one way to bring it there. */
export function ApplyBanner({ tenant, view }: { tenant: string; view: ConfigurationView }): ReactNode {
  const { running, newest, application, environment } = view
  if (running === null) return null
  const { revision, changes, secretsChanged } = running
  if (revision === newest.number && secretsChanged.length === 0) return null
  const parts = [
    ...(revision === newest.number
      ? []
      : [`r${newest.number} is saved, r${revision} runs (${changes} ${changes === 1 ? 'value differs' : 'values differ'})`]),
    ...(secretsChanged.length === 0 ? [] : [`${secretsChanged.join(', ')} changed since the deployment`]),
  ]
  return (
    <Banner
      tone="wait"
      title={parts.join('; ')}
      action={
        <SheetAct tenant={tenant} tone="primary" ask={{ application: application.slug, environment: environment.slug, kind: 'config' }}>
          Apply…
        </SheetAct>
      }
    >
      Applying is a promotion of the same release: the same gates, the same record, a rolling restart, no build.
    </Banner>
  )
}

const address = { layer: parseAsStringLiteral(['place', 'environment', 'application'] as const).withDefault('place'), revision: parseAsInteger }

function Editor({ tenant, view }: { tenant: string; view: ConfigurationView }): ReactNode {
  const [{ layer, revision }, go] = useQueryStates(address)
  const { application, environment, newest, defaults } = view
  const where = { application: application.slug, environment: environment.slug }
  const properties = useApi<PropertiesView>(
    tenantKey(tenant, 'release', 'properties', where.application, where.environment),
    tenantPath(tenant, 'applications', where.application, 'configuration', 'properties'),
    { query: { environment: where.environment } },
  )
  const secrets = useApi<SecretsView>(
    tenantKey(tenant, 'board', 'secrets', where.application, where.environment),
    tenantPath(tenant, 'applications', where.application, 'secrets'),
    { query: { environment: where.environment } },
  )
  const older = useApi<RevisionView>(
    tenantKey(tenant, 'board', 'config-revision', where.application, where.environment, revision),
    tenantPath(tenant, 'applications', where.application, 'config-revisions', String(revision ?? 0)),
    { query: { environment: where.environment }, isEnabled: layer === 'place' && revision !== null && revision !== newest.number },
  )
  const facts = useMemo(
    (): LintFacts => ({
      properties: properties.data?.items ?? [],
      required: properties.data?.required ?? [],
      declared: properties.data?.declared ?? [],
      setElsewhere: view.entries.filter(({ from, overrides }) => from !== layer || overrides.length > 0).map(({ key }) => key),
      secrets: secrets.data?.items.filter(({ state }) => state === 'set').map(({ name }) => name) ?? [],
      isPlace: layer === 'place',
    }),
    [properties.data, secrets.data, view.entries, layer],
  )
  const choice = chosen(layer, view, tenant, layer === 'place' ? older.data : undefined)
  return (
    <div className="grid gap-2">
      <Select
        label="Layer"
        hint={choice.hint}
        value={layer}
        options={[
          { value: 'place', label: `This place: ${application.slug} in ${environment.slug}` },
          { value: 'environment', label: `Defaults of ${environment.slug}, for all applications` },
          { value: 'application', label: `Defaults of ${application.slug}, in all environments` },
        ]}
        onChange={(next) => void go({ layer: next, revision: null })}
      />
      <LayerEditor
        // Another start or a newer revision is another draft.
        key={`${layer} ${choice.from.number} of ${choice.newest.number}`}
        tenant={tenant}
        inherited={newest.document}
        properties={properties.data?.items ?? []}
        secrets={secrets.data?.items.map(({ name }) => name) ?? []}
        facts={facts}
        onSaved={() => void go({ revision: null })}
        {...choice}
      />
      <p className="text-sm text-ink-3">
        {view.schema
          ? `Completion and checks by the metadata of ${view.schema.release}: ${view.schema.count} properties.`
          : 'The release says nothing about its own configuration, so keys are not completed nor checked by name.'}
        {defaults.application.number + defaults.environment.number > 0 &&
          ' Whoever saves defaults writes a revision of every place that they change.'}
      </p>
    </div>
  )
}

function chosen(
  layer: 'place' | 'environment' | 'application',
  view: ConfigurationView,
  tenant: string,
  older: RevisionView | undefined,
): LayerChoice {
  const { application, environment, newest, defaults, edit, editDefaults } = view
  if (layer === 'place') {
    const mine = { number: newest.number, document: newest.own }
    return {
      name: `${application.slug} in ${environment.slug}`,
      hint: 'Nearest: it wins over all defaults.',
      from: older ? { number: older.number, document: older.own } : mine,
      newest: mine,
      may: edit,
      save: { path: tenantPath(tenant, 'applications', application.slug, 'config-revisions'), with: { environment: environment.slug } },
    }
  }
  const { number, document } = defaults[layer]
  const at = { number, document: number === 0 ? emptyLayerShape : document }
  const isOfEnvironment = layer === 'environment'
  return {
    name: isOfEnvironment ? `every application in ${environment.slug}` : `${application.slug} in every environment`,
    hint: isOfEnvironment ? 'Wins over the defaults of applications.' : 'Farthest: everything else wins over it.',
    from: at,
    newest: at,
    may: editDefaults[layer],
    save: isOfEnvironment
      ? { path: tenantPath(tenant, 'environments', environment.slug, 'config-defaults'), with: {} }
      : { path: tenantPath(tenant, 'applications', application.slug, 'config-defaults'), with: {} },
  }
}
