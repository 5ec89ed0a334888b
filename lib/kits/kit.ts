// What pages and machines send about kits, and see of them.
import { z } from 'zod'
import { sectionSchema, type KitDocument } from '#lib/kits/document'
import { runbookSections, valueSections } from '#lib/kits/sections'
import { guides, type Guide } from '#lib/kits/guides'
import { handOffAreas, type HandOffAreas } from '#lib/kits/hand-off'
import { stageIds, type StageId } from '#lib/kits/stages'
import type { Verdict } from '#lib/platform/refusal'

const slug = z.string().min(1).max(100)
const optionalOf = <K extends string, S extends z.ZodType>(keys: readonly K[], schema: S) =>
  z.strictObject(Object.fromEntries(keys.map((key) => [key, schema.optional()])) as Record<K, z.ZodOptional<S>>)

export const listKitsInput = z.strictObject({ application: slug.optional(), environment: slug.optional() })
export const oneKitInput = z.strictObject({ kit: z.string().min(1).max(100), revision: z.coerce.number().int().min(1).optional() })

/** A new kit, or a new revision of the one that is there. What is left out is taken from the revision before, or from what Caisson knows. */
export const createKitInput = z.strictObject({
  application: slug,
  environment: slug,
  /** The one that runs there, when absent. */
  release: slug.optional(),
  /** Sections of the values that Caisson cannot know, or that are said otherwise here. */
  values: optionalOf(valueSections, sectionSchema).default({}),
  runbook: optionalOf(runbookSections, z.string().max(20_000)).default({}),
  /** Why there is a new revision. */
  reason: z.string().trim().max(500).default(''),
})
export type CreateKitInput = z.input<typeof createKitInput>

export const takeStageInput = z.strictObject({
  kit: z.string().min(1).max(100),
  /** The revision that was looked at. */
  revision: z.int().min(1),
  stage: z.enum(stageIds).exclude(['hand-off']),
  outcome: z.enum(['done', 'failed']).default('done'),
  /** What was looked at; why it failed. */
  note: z.string().trim().max(2000).default(''),
})
export type TakeStageInput = z.input<typeof takeStageInput>

const area = z.string().trim().max(2000)
export const handOffInput = z.strictObject({
  kit: z.string().min(1).max(100),
  revision: z.int().min(1),
  /** Who owns it from now on. */
  team: z.string().trim().min(1).max(200),
  areas: z.strictObject(Object.fromEntries(handOffAreas.map(({ id }) => [id, area])) as Record<keyof HandOffAreas, typeof area>),
})
export type HandOffInput = z.input<typeof handOffInput>

export interface StageView {
  id: StageId
  title: string
  entry: string
  state: 'done' | 'failed' | 'next' | 'waiting'
  /** Who took it, with which role, and when; null where nobody did. */
  by: { id: string; name: string } | null
  role: string
  at: string | null
  note: string
  take: Verdict
}

export interface KitView {
  id: string
  application: { slug: string; name: string }
  environment: { slug: string; name: string }
  revision: number
  revisions: { number: number; release: string; reason: string; createdAt: string; createdBy: { id: string; name: string }; standing: string }[]
  digest: string
  document: KitDocument
  createdAt: string
  createdBy: { id: string; name: string }
  reason: string
  stages: StageView[]
  /** Why what runs is not what this revision names; '' when it is. */
  drift: string
  handOff: { team: string; areas: HandOffAreas; acceptedAt: string; acceptedBy: { id: string; name: string } } | null
  /** Of owner, secret, backup, alert and recovery test: what the hand-off is refused for. */
  missingForHandOff: string[]
  /** Who owns the application here: a team that took it over, or those who release. */
  owner: string
  /** S0.20 */
  guides: { id: Guide['id']; title: string }[]
  revise: Verdict
  accept: Verdict
}

export interface KitSummary {
  id: string
  application: { slug: string; name: string }
  environment: { slug: string; name: string }
  release: string
  revision: number
  /** The stage that is next, failed, or '' when all are done. */
  stage: string
  standing: 'under_way' | 'failed' | 'handed_off'
  owner: string
  updatedAt: string
}

export interface KitList {
  items: KitSummary[]
  create: Verdict
}

export const guideList = guides.map(({ id, title }) => ({ id, title }))
