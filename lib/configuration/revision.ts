// Revisions as they are stored and shown: a place's own ones, and those of the defaults below it.
import { z } from 'zod'
import type { ConfigProperty } from '#lib/tenants/config-property'
import {
  configDocumentSchema,
  configHash,
  defaultConfig,
  emptyLayer,
  layerDocumentSchema,
  type ConfigDocument,
  type LayerDocument,
} from '#lib/configuration/config-document'
import type { EntryChange } from '#lib/configuration/entries'
import { mergeLayers, type EffectiveEntry } from '#lib/configuration/layers'
import type { PlaintextFinding } from '#lib/configuration/plaintext-secrets'
import type { Verdict } from '#lib/platform/refusal'

/** Numbers of the default revisions that a revision was made with; 0 where there was none. */
export interface LayerNumbers {
  application: number
  environment: number
}

export interface Revision {
  number: number
  hash: string
  /** Effective: all layers merged. */
  document: ConfigDocument
  /** What the place says itself. */
  own: LayerDocument
  layers: LayerNumbers
  note: string
}

export const firstRevision: Revision = {
  number: 0,
  hash: configHash(defaultConfig),
  document: defaultConfig,
  own: emptyLayer,
  layers: { application: 0, environment: 0 },
  note: '',
}

/** One numbered state of a default layer. */
export interface DefaultRevision {
  number: number
  document: LayerDocument
}

export type Defaults = Partial<Record<'application' | 'environment', DefaultRevision>>

/** The next revision of a place that says `own` over these defaults. */
export function nextRevision(before: number, own: LayerDocument, defaults: Defaults, note = ''): Revision {
  const document = mergeLayers({
    ...(defaults.application ? { application: defaults.application.document } : {}),
    ...(defaults.environment ? { environment: defaults.environment.document } : {}),
    place: own,
  })
  const layers = { application: defaults.application?.number ?? 0, environment: defaults.environment?.number ?? 0 }
  return { number: before + 1, hash: configHash(document), document, own, layers, note }
}

/**
 * What counts in a place where nothing was ever saved: the built-in defaults as r0, or, where somebody saved defaults before the
 * place existed, the r1 that they make. It is written as soon as something refers to it.
 */
export function unwrittenRevision(defaults: Defaults): Revision {
  const next = nextRevision(0, emptyLayer, defaults, 'from the defaults')
  return next.hash === firstRevision.hash ? firstRevision : next
}

/** From the columns of a row. A revision of before there were layers says everything itself. */
export function readRevision(row: { number: number; hash: string; document: string; own: string; layers: string; note: string }): Revision {
  const own: unknown = JSON.parse(row.own === '' ? row.document : row.own)
  return {
    number: row.number,
    hash: row.hash,
    document: configDocumentSchema.parse(JSON.parse(row.document)),
    own: layerDocumentSchema.parse(own),
    layers: layerNumbersSchema.parse(JSON.parse(row.layers)),
    note: row.note,
  }
}

const layerNumbersSchema = z.object({ application: z.int().default(0), environment: z.int().default(0) })

export interface RevisionView extends Revision {
  /** null for the built-in defaults, and for what is not written yet. */
  createdAt: string | null
  createdBy: { id: string; name: string } | null
}

export interface DefaultRevisionView {
  number: number
  hash: string
  document: LayerDocument
  createdAt: string | null
  createdBy: { id: string; name: string } | null
}

/** Everything that the configuration page of a place shows. */
export interface ConfigurationView {
  application: { slug: string; name: string }
  environment: { slug: string; name: string; isProtected: boolean }
  newest: RevisionView
  /** Each effective value of the newest revision with the layer that it comes from. */
  entries: EffectiveEntry[]
  /** The newest default revisions below it. */
  defaults: { application: DefaultRevisionView; environment: DefaultRevisionView }
  running: { revision: number; release: string; changes: number; secretsChanged: string[] } | null
  /** Names of the release whose own metadata are the schema here; null where no release says anything. */
  schema: { release: string; digest: string; count: number } | null
  problems: ConfigProblems
  edit: Verdict
  editDefaults: { application: Verdict; environment: Verdict }
}

/** What the `config` gate would say, before anybody asks for a promotion. */
export interface ConfigProblems {
  missing: string[]
  unknown: UnknownKey[]
  plaintext: PlaintextFinding[]
  /** Secrets that connections refer to and that have no value. */
  unset: string[]
}

export interface UnknownKey {
  key: string
  /** The nearest key that is known; '' where none is near. */
  suggestion: string
}

/** Null where no release of the application is there yet; empty where it says nothing about itself. */
export interface PropertiesView {
  release: string | null
  items: ConfigProperty[]
  /** Keys that its components must have a value for. */
  required: string[]
  /** Keys that its components bring with them. */
  declared: string[]
}

export interface RevisionDiffView {
  from: { environment: string; number: number }
  to: { environment: string; number: number }
  changes: EntryChange[]
  same: number
}

export interface MatrixView {
  environments: { slug: string; name: string; revision: number }[]
  rows: { group: EntryChange['group']; key: string; isSame: boolean; cells: (string | null)[] }[]
}

const slug = z.string().min(1).max(100)
const revisionNumber = z.coerce.number().int().min(0).max(1_000_000)

export const placeInput = z.strictObject({ application: slug, environment: slug })

export const saveRevisionInput = z.strictObject({
  application: slug,
  environment: slug,
  /** The number of the revision that the editor started from. */
  expected: z.int().min(0),
  document: layerDocumentSchema,
})
export type SaveRevisionInput = z.input<typeof saveRevisionInput>

export const oneRevisionInput = z.strictObject({ application: slug, environment: slug, number: revisionNumber })

export const diffInput = z.strictObject({
  application: slug,
  environment: slug,
  from: revisionNumber,
  to: revisionNumber,
  /** Of `to`, when it is another environment's. */
  toEnvironment: slug.optional(),
})

export const matrixInput = z.strictObject({ application: slug })

export const restoreInput = z.strictObject({
  application: slug,
  environment: slug,
  number: z.coerce.number().int().min(1).max(1_000_000),
  expected: z.int().min(0),
})

export const applicationDefaultsInput = z.strictObject({ application: slug })
export const environmentDefaultsInput = z.strictObject({ environment: slug })
const saved = { expected: z.int().min(0), document: layerDocumentSchema }
export const saveApplicationDefaultsInput = z.strictObject({ application: slug, ...saved })
export const saveEnvironmentDefaultsInput = z.strictObject({ environment: slug, ...saved })
