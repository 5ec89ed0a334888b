// The overlay of (tenant, environment, application): what differs between environments while the binary stays the same.
import { z } from 'zod'
import { canonicalJson, digestOfJson } from '#lib/platform/canonical-json'

export const configDocumentSchema = z.strictObject({
  /** Environment variables of every component. */
  variables: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/), z.string().max(10_000)).default({}),
  /** In this order, before `-jar` or the main class. */
  jvmArguments: z.array(z.string().min(1).max(1000)).max(100).default([]),
  /** Of each component. */
  replicas: z.int().min(0).max(50).default(1),
  strategy: z
    .strictObject({
      /** How many replicas of a component may be not ready during a rollout. */
      maxUnavailable: z.int().min(0).max(50).default(0),
      /** How many may be extra. */
      maxSurge: z.int().min(0).max(50).default(1),
    })
    .refine(({ maxUnavailable, maxSurge }) => maxUnavailable + maxSurge > 0, 'with neither maxUnavailable nor maxSurge nothing can be replaced')
    .default({ maxUnavailable: 0, maxSurge: 1 }),
})
export type ConfigDocument = z.output<typeof configDocumentSchema>

/** What counts where nothing was ever saved: revision 0. */
export const defaultConfig: ConfigDocument = configDocumentSchema.parse({})

/** `sha256:<hex>` of the canonical JSON. */
export function configHash(document: ConfigDocument): string {
  return digestOfJson(document)
}

export function configText(document: ConfigDocument): string {
  return canonicalJson(document)
}

export interface RevisionView {
  /** 0 stands for the defaults. */
  number: number
  hash: string
  document: ConfigDocument
  /** null for the defaults. */
  createdAt: string | null
  createdBy: { id: string; name: string } | null
}

const slug = z.string().min(1).max(100)

export const saveRevisionInput = z.strictObject({
  application: slug,
  environment: slug,
  /** The number of the revision that the editor started from. */
  expected: z.int().min(0),
  document: configDocumentSchema,
})
export type SaveRevisionInput = z.input<typeof saveRevisionInput>

export const listRevisionsInput = z.strictObject({ application: slug, environment: slug })
export const oneRevisionInput = z.strictObject({ application: slug, environment: slug, number: z.coerce.number().int().min(0).max(1_000_000) })
