import { z } from 'zod'
import { eventTopics, type EventTopic } from '#lib/audit/event-topics'
import { allowed, refused, type Verdict } from '#lib/platform/refusal'

/** After so many attempts a delivery is dead; a person may replay it. */
export const mostAttempts = 8
const firstWaitMs = 5000
const longestWaitMs = 3_600_000
/** A target that took nothing for so long is switched off. */
export const disableAfterMs = 3 * 24 * 3_600_000
/** For how long the secret before the newest one signs too. */
export const overlapMs = 24 * 3_600_000

/** 5 s, doubled each time, at most an hour; half of it by chance, so that many that failed at once do not come back at once. */
export function waitAfter(attempt: number, chance: number): number {
  const whole = Math.min(longestWaitMs, firstWaitMs * 2 ** (attempt - 1))
  return Math.round(whole / 2 + (whole / 2) * chance)
}

const topics = Object.keys(eventTopics) as [EventTopic, ...EventTopic[]]

export const createWebhookInput = z.strictObject({
  name: z.string().trim().min(1).max(60),
  url: z.string().max(2000),
  /** Empty: every topic. */
  topics: z.array(z.enum(topics)).max(topics.length).default([]),
})
export const updateWebhookInput = z.strictObject({
  webhook: z.string().min(1).max(64),
  name: z.string().trim().min(1).max(60).optional(),
  url: z.string().max(2000).optional(),
  topics: z.array(z.enum(topics)).max(topics.length).optional(),
})
export const oneWebhookInput = z.strictObject({ webhook: z.string().min(1).max(64) })
export const listDeliveriesInput = oneWebhookInput.extend({ limit: z.coerce.number().int().min(1).max(100).default(30) })
export const replayInput = oneWebhookInput.extend({ delivery: z.string().min(1).max(64) })

export interface WebhookView {
  id: string
  name: string
  /** Without its path for whoever only reads. */
  url: string
  topics: string[]
  createdAt: string
  createdBy: string
  state: 'active' | 'failing' | 'paused' | 'disabled'
  failingSince: string | null
  disabledAt: string | null
  /** Who paused it, or why it was switched off; '' while it is on. */
  disabledReason: string
  /** The secret before the newest one signs until then; null when only the newest does. */
  previousUntil: string | null
  counts: { pending: number; delivered: number; dead: number }
  may: { test: Verdict; resume: Verdict; pause: Verdict }
}

/** With the secret that is shown this once. */
export interface WebhookWithSecret extends WebhookView {
  secret: string
}

export interface DeliveryView {
  id: string
  eventId: string
  topic: string
  state: 'pending' | 'delivered' | 'dead'
  attempts: number
  createdAt: string
  nextAt: string | null
  settledAt: string | null
  replayOf: string | null
  payload: string
  log: { number: number; at: string; tookMs: number; status: number | null; body: string; error: string }[]
  mayReplay: Verdict
}

/** `https://chat.northwind.test/…`: whoever knows the whole address of a hook can often write to it. */
export function withoutPath(url: string): string {
  const { origin, pathname, search } = new URL(url)
  return pathname === '/' && search === '' ? origin : `${origin}/…`
}

export function mayTest(target: { disabledAt: Date | null }): Verdict {
  return target.disabledAt ? refused('conflict', 'This webhook is off.', 'Switch it on again first.') : allowed
}

export function mayResume(target: { disabledAt: Date | null }): Verdict {
  return target.disabledAt ? allowed : refused('conflict', 'This webhook is on.')
}

export function mayPause(target: { disabledAt: Date | null }): Verdict {
  return target.disabledAt ? refused('conflict', 'This webhook is off already.') : allowed
}

export function mayReplay(delivery: { state: string }): Verdict {
  return delivery.state === 'pending' ? refused('conflict', 'This delivery is still under way.', 'Wait until it is taken or dead.') : allowed
}
