// The plan: the frozen document of everything that a promotion will change. Its digest is what approvals sign.
// No promotion id, no time, no probe result: freshness belongs to the gates, which are evaluated again at the claim.
import { z } from 'zod'
import { canonicalJson, digestOfJson } from '#lib/platform/canonical-json'
import { promotionKinds } from '#lib/promotions/promotion-kind'
import { componentSpecSchema } from '#lib/tenants/component-spec'

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/)
const named = z.strictObject({ id: z.string(), slug: z.string() })
const strategySchema = z.strictObject({ maxUnavailable: z.int(), maxSurge: z.int() })

export const planSchema = z.strictObject({
  tenant: named,
  application: named,
  environment: named,
  kind: z.enum(promotionKinds),
  release: z.strictObject({
    id: z.string(),
    name: z.string(),
    components: z.array(
      z.strictObject({
        name: z.string(),
        /** `tenant/application[/component]` */
        repository: z.string(),
        digest,
        /** '' where the image stands on nothing. */
        baseDigest: z.string(),
        spec: componentSpecSchema,
      }),
    ),
  }),
  /** Of each component; 0 for stop. */
  replicas: z.int().min(0),
  strategy: strategySchema,
  config: z.strictObject({ revision: z.int().min(0), hash: digest }),
  /** Version ids with keyed fingerprints, never values. */
  secrets: z.array(z.strictObject({ name: z.string(), versionId: z.string(), fingerprint: z.string() })),
  runtime: z.strictObject({ kind: z.string() }),
  /** sha256 of the driver's `render()`. */
  manifestsDigest: digest,
  policyVersion: z.int().min(0),
  /** Results of signature verification, where there is one. */
  signatures: z.array(z.strictObject({ digest, issuer: z.string(), identity: z.string(), result: z.string() })),
  /** Digest of the signed or attached evidence; null while there is none. */
  evidenceDigest: digest.nullable(),
  /** What runs now; null where nothing does. */
  baseline: z
    .strictObject({
      release: z.string(),
      components: z.array(z.strictObject({ name: z.string(), digest })),
      configRevision: z.int(),
      configHash: z.string(),
      replicas: z.int(),
      isStopped: z.boolean(),
    })
    .nullable(),
  /** Freezes that a rollback passes by rule. */
  freezeExemptions: z.array(z.string()),
  /** Exceptions that stand for gates of this environment. */
  waivers: z.array(z.strictObject({ id: z.string(), gate: z.string() })),
})

export type PlanDocument = z.infer<typeof planSchema>

/** The text that is hashed, stored and shown (RFC 8785). */
export function planText(plan: PlanDocument): string {
  return canonicalJson(planSchema.parse(plan))
}

/** `sha256:<hex>` of {@link planText}. */
export function planDigest(plan: PlanDocument): string {
  return digestOfJson(planSchema.parse(plan))
}

export function parsePlan(text: string): PlanDocument {
  return planSchema.parse(JSON.parse(text))
}
