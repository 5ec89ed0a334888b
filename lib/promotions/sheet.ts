import { z } from 'zod'
import type { EntryGroup } from '#lib/configuration/entries'
import type { GateResult } from '#lib/promotions/gates'
import type { PlanDocument } from '#lib/promotions/plan'
import { requestPromotionInput, type PersonView } from '#lib/promotions/promotion'
import type { PromotionState } from '#lib/promotions/promotion-state'
import type { PromotionKind } from '#lib/promotions/promotion-kind'
import type { Verdict } from '#lib/platform/refusal'

/** The same words as a request, in a query string; nothing is written. */
export const sheetInput = requestPromotionInput
  .pick({ application: true, environment: true, kind: true, release: true, config: true })
  .extend({ replicas: z.coerce.number().int().min(0).max(50).optional() })
export type SheetInput = z.input<typeof sheetInput>

export interface SheetSide {
  release: string
  digest: string
  configRevision: number
  replicas: number
}

export interface LayerChange {
  component: string
  name: string
  change: 'same' | 'added' | 'removed' | 'changed'
  /** Of the layer of this name that it takes the place of; null where there was none, or it is the same. */
  before: string | null
  digest: string
  sizeBytes: number
}

export interface KeyChange {
  key: string
  change: 'added' | 'removed' | 'changed'
  /** null where the key is not set. */
  before: string | null
  after: string | null
  group: EntryGroup
}

export interface SheetLanes {
  artifact: {
    layers: LayerChange[]
    changedLayers: number
    changedBytes: number
    totalLayers: number
  }
  configuration: { from: number | null; to: number; changes: KeyChange[]; same: number }
  /** Secrets by name with the version that they run with and the one that they would, such as `v3`; null where there is none. */
  secrets: { name: string; before: string | null; after: string | null }[]
  manifests: { digest: string; before: string | null; isChanged: boolean }
  /** What has to be known before; empty where the policy does not ask for evidence. */
  evidence: { item: string; status: string; reason: string }[]
}

/** Everything that a promotion will change, before it is asked for. */
export interface SheetView {
  kind: PromotionKind
  application: { slug: string; name: string }
  environment: { slug: string; name: string; isProtected: boolean }
  release: { name: string; digest: string; createdAt: string; createdBy: PersonView }
  /** What runs now; null where nothing does. */
  baseline: (SheetSide & { deployedAt: string; isStopped: boolean; readyReplicas: number }) | null
  lanes: SheetLanes
  /** Failing first. */
  gates: GateResult[]
  /** What the request would meet: refused, waiting, or at once. */
  wouldBe: 'refused' | 'waiting' | 'at_once'
  supersedes: { promotionId: string; release: string; requestedBy: PersonView; requestedAt: string; state: PromotionState } | null
  plan: PlanDocument
  planDigest: string
  policyVersion: number
  mayRequest: Verdict
  /** Whether the policy wants the name of the environment typed. */
  asksForName: boolean
  replicas: number
  strategy: { maxUnavailable: number; maxSurge: number }
  /** The window that closes next in this environment, when one is planned. */
  closesAt: string | null
  /** When it opens again, where a freeze closes it now and an end is known. */
  opensAt: string | null
  cliLine: string
}
