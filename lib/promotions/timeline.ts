// The timeline of an environment: everything that changed it, newest first, and what ran there at any time.
import { z } from 'zod'
import { timelineKinds, type TimelineKind } from '#lib/promotions/timeline-kind'
import type { PersonView } from '#lib/promotions/promotion'
import type { PromotionState } from '#lib/promotions/promotion-state'
import type { PromotionKind } from '#lib/promotions/promotion-kind'

const slug = z.string().min(1).max(100)

export const timelineInput = z.strictObject({
  environment: slug,
  /** With what holds for every application. */
  application: slug.optional(),
  kind: z.enum(timelineKinds).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
  /** `next` of the page before. */
  after: z
    .string()
    .regex(/^\d{1,15}_[\w:.-]{1,120}$/)
    .optional(),
  pageSize: z.coerce.number().int().min(1).max(100).default(30),
})
export type TimelineInput = z.input<typeof timelineInput>

export interface TimelineEntry {
  /** `promotion:…`, `config:…`, `freeze.lifted:…`: what happened, and to what. */
  id: string
  at: string
  kind: TimelineKind
  /** null: every one. */
  application: { slug: string; name: string } | null
  /** What happened, as one clause: `configuration r3 saved`. */
  words: string
  by: PersonView
  reason: string
  /** Of what was decided and rolled out; null for the rest. */
  promotion: {
    id: string
    kind: PromotionKind
    state: PromotionState
    release: string
    digest: string
    configRevision: number
    replicas: number
    approvedBy: PersonView[]
    outcome: string
  } | null
  /** The configuration revision that was saved; null for the rest. */
  configRevision: number | null
}

export interface TimelinePage {
  environment: { slug: string; name: string; isProtected: boolean }
  items: TimelineEntry[]
  /** What to send as `after` for the page that follows; null on the last one. */
  next: string | null
}

export const whatRanInput = z.strictObject({ environment: slug, application: slug.optional(), at: z.iso.datetime({ offset: true }) })

/** What one application ran, by what the database was told: the promise that was last applied, and what was under way. */
export interface RanView {
  application: { slug: string; name: string }
  release: string
  components: { name: string; digest: string }[]
  configRevision: number
  configHash: string
  /** Versions, never values. */
  secrets: { name: string; version: number }[]
  /** Of each component; 0 while it was stopped. */
  replicas: number
  isStopped: boolean
  since: string
  promotionId: string
  /** A rollout that was changing it at that time. */
  underWay: { promotionId: string; release: string; since: string } | null
  /** A rollout that failed half-way since: what it left may have run beside this. */
  disturbedBy: { promotionId: string; release: string; at: string } | null
}

export interface WhatRanView {
  environment: { slug: string; name: string }
  at: string
  /** Those that ever ran there by then. */
  applications: RanView[]
}
