import { z } from 'zod'
import type { HoldNote } from '#lib/promotions/hold'

export const boardInput = z.strictObject({
  /** Part of the name or slug of an application. */
  search: z.string().max(100).default(''),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
  pageSize: z.coerce.number().int().min(1).max(50).default(50),
})
export type BoardInput = z.input<typeof boardInput>

/** Within the tier, or over its limit after a downgrade and therefore read-only. */
export type EnvironmentStanding = 'within_tier' | 'over_limit'

export interface FreezeState {
  state: 'open' | 'closed'
  /** Why it is closed and until when, by all freezes together; '' when open, null where no end is known. */
  reason: string
  endsAt: string | null
  /** The next known close, when it is open and one is planned. */
  nextCloseAt: string | null
}

export interface BoardColumn {
  slug: string
  name: string
  rank: number
  isProtected: boolean
  isCustom: boolean
  standing: EnvironmentStanding
  freeze: FreezeState
  runtime: string
  /** Slugs of the environments that a release comes from; empty for an entry environment. */
  upstream: string[]
}

export type DeploymentState = 'ready' | 'degraded' | 'not_ready' | 'unknown' | 'stopped'

export interface InFlight {
  promotionId: string
  state: 'requested' | 'approved' | 'rolling_out'
  kind: string
  release: string
  /** Steps of the rollout: both 0 before it has any. */
  done: number
  total: number
}

export interface BoardCell {
  environment: string
  /** null where nothing was ever deployed. */
  running: {
    release: string
    /** Image digest of the first component, for the mark. */
    digest: string
    deployedAt: string
    configRevision: number
    replicas: number
    readyReplicas: number
    state: DeploymentState
    reason: string
    observedAt: string | null
    isStopped: boolean
    isMixed: boolean
  } | null
  /** How many releases newer than this one stand upstream (in an entry environment: exist); all of them where nothing runs. */
  behind: number
  inFlight: InFlight | null
  /** Its waiting promotion is blocked by a gate other than awaited approvals. */
  isBlocked: boolean
  /** A newer overlay revision than the one that runs. */
  pendingConfigRevision: number | null
  /** Nothing new comes here until somebody lifts it. */
  hold: HoldNote | null
}

export interface BoardLock {
  from: string
  to: string
  /** The release that would be lifted: the one that runs in `from`; '' for none. */
  release: string
  /** open: every gate passes · shut: gates fail · waiting: only awaited things · equal: the same release · none: nothing to lift */
  state: 'open' | 'shut' | 'waiting' | 'equal' | 'none'
  /** How many gates block or wait. */
  count: number
  reason: string
}

export interface BoardRow {
  application: { slug: string; name: string; componentCount: number }
  /** In the order of the columns. */
  cells: BoardCell[]
  /** One for each way from an upstream environment into the next. */
  locks: BoardLock[]
}

export interface BoardView {
  environments: BoardColumn[]
  rows: BoardRow[]
  total: number
  page: number
  pageSize: number
  /** How many promotions wait, roll out, and how many deployments are not ready, in the whole tenant. */
  summary: { waiting: number; rollingOut: number; notReady: number }
  isLowTier: boolean
  asOf: string
}
