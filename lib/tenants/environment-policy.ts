// The gate policy of an environment: an immutable document, of which the newest version counts.
import { z } from 'zod'
import { roles } from '#lib/access/permissions'
import { gateNames, promotionKinds, type GateName } from '#lib/tenants/gate-names'
import type { Tier } from '#lib/tenants/tier'

const gateRule = z.strictObject({
  mode: z.enum(['block', 'warn', 'off']),
  /** What the gate compares with, in its own words: `soakMinutes`, `severity`, `checks`. */
  params: z.record(z.string().max(60), z.union([z.string().max(500), z.number(), z.boolean(), z.array(z.string().max(200)).max(100)])).default({}),
})

export const environmentPolicySchema = z.strictObject({
  /** A gate that is not named is off. */
  gates: z.partialRecord(z.enum(gateNames), gateRule).default({}),
  approvals: z
    .strictObject({
      count: z.int().min(1).max(20).default(1),
      /** A person with any of these roles may decide. */
      roles: z.array(z.enum(roles)).min(1).default(['approver']),
      expiresHours: z.int().min(1).max(720).default(24),
      /** Nobody approves what they requested themselves. */
      fourEyes: z.boolean().default(true),
      /** Nor what they uploaded themselves. */
      forbidUploader: z.boolean().default(false),
    })
    .default({ count: 1, roles: ['approver'], expiresHours: 24, fourEyes: true, forbidUploader: false }),
  rollback: z
    .strictObject({
      /** From "stop" to "verified", in seconds: what a recovery should take at most. */
      targetSeconds: z.int().min(10).max(86_400).default(900),
      /** What follows a promotion that failed after it began to change what runs: it stays, or the release before comes back by itself. */
      onFailure: z.enum(['stop', 'roll_back']).default('stop'),
      /** A release that was approved here before needs no new approval to come back. */
      acceptsEarlierApproval: z.boolean().default(true),
    })
    .default({ targetSeconds: 900, onFailure: 'stop', acceptsEarlierApproval: true }),
  /** The sheet asks to type the name of the environment. */
  requireEnvironmentName: z.boolean().default(false),
  /** Gates that do not apply to a kind of promotion: they are then `not_applicable`, and the result says by which policy. */
  exemptions: z.partialRecord(z.enum(promotionKinds), z.array(z.enum(gateNames))).default({}),
})

export const writePolicyInput = z.strictObject({
  environment: z.string().max(63),
  document: environmentPolicySchema,
  /** The version that the editor started from, so that nobody's change is lost unseen. */
  baseVersion: z.int().min(0),
  reason: z.string().trim().max(500).default(''),
})

export type EnvironmentPolicyDocument = z.output<typeof environmentPolicySchema>
export type GateRule = EnvironmentPolicyDocument['gates'][GateName]

export interface EnvironmentPolicyView {
  environment: string
  version: number
  document: EnvironmentPolicyDocument
  createdAt: string
  createdBy: string
}

/**
 * The first policy of an environment (foundations, "Default policies"). What a rollback goes back to was ordered here before, and
 * where it was approved as well it needs no second approval; what does not change the software needs neither its origin nor a second person.
 */
export function defaultPolicy(environment: { slug: string; isCustom: boolean }, tier: Tier): EnvironmentPolicyDocument {
  const block = (...names: GateName[]) => Object.fromEntries(names.map((name) => [name, { mode: 'block' as const, params: {} }]))
  const origin: GateName[] = ['order', 'source-health', 'soak']
  const operation: GateName[] = [...origin, 'approvals', 'evidence', 'config']
  const exemptions = {
    rollback: [...origin, 'evidence'] as GateName[],
    config: [...origin, 'evidence'] as GateName[],
    restart: operation,
    stop: operation,
    start: operation,
    scale: operation,
  }
  const document = (gates: Record<string, unknown>, more: Record<string, unknown> = {}) =>
    environmentPolicySchema.parse({ gates, exemptions, ...more })
  if (environment.isCustom || !['staging', 'prod'].includes(environment.slug)) return document(block('tier', 'freeze'))
  if (environment.slug === 'staging') return document(block('tier', 'freeze', 'order', 'source-health', 'config'))
  if (tier === 'LOW') return document(block('tier', 'freeze', 'config'))
  return document(
    { ...block('tier', 'freeze', 'order', 'source-health', 'config', 'approvals'), evidence: { mode: 'warn', params: {} } },
    { requireEnvironmentName: true },
  )
}
