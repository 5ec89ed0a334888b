// An expected no. Anything else that is thrown is a fault: full words to the log, a request id to the caller.

/** Code → HTTP status and exit code of the CLI. Add to this table, never a free string. */
export const refusalCodes = {
  invalid_input: { status: 400, exitCode: 10 },
  unauthenticated: { status: 401, exitCode: 11 },
  reauthentication_required: { status: 401, exitCode: 12 },
  forbidden: { status: 403, exitCode: 13 },
  tier_limit: { status: 403, exitCode: 14 },
  not_found: { status: 404, exitCode: 15 },
  tag_taken: { status: 409, exitCode: 16 },
  conflict: { status: 409, exitCode: 17 },
  plan_moved: { status: 409, exitCode: 18 },
  gates_blocked: { status: 409, exitCode: 19 },
  frozen: { status: 409, exitCode: 20 },
  own_request: { status: 403, exitCode: 21 },
  gone: { status: 410, exitCode: 22 },
  too_large: { status: 413, exitCode: 23 },
  not_a_jar: { status: 415, exitCode: 24 },
  unsafe_archive: { status: 422, exitCode: 25 },
  unsupported: { status: 422, exitCode: 26 },
  quota_exceeded: { status: 429, exitCode: 27 },
  rate_limited: { status: 429, exitCode: 28 },
  held: { status: 409, exitCode: 29 },
  runtime_unavailable: { status: 503, exitCode: 30 },
  unavailable: { status: 503, exitCode: 31 },
} as const satisfies Record<string, { status: number; exitCode: number }>

export type RefusalCode = keyof typeof refusalCodes

const brand = Symbol.for('caisson.refusal')

export interface RefusalOptions {
  /** The one thing that would make it work, as an imperative sentence. */
  fix?: string
  /** Facts a machine may want: which fields, which gates, which names. */
  details?: Record<string, unknown>
  cause?: unknown
}

/**
 * @param code one of {@link refusalCodes}
 * @param words one sentence: what happened and to which thing
 */
export class Refusal extends Error {
  readonly [brand] = true
  readonly code: RefusalCode
  readonly fix: string | undefined
  readonly details: Record<string, unknown>

  constructor(code: RefusalCode, words: string, options: RefusalOptions = {}) {
    super(words, { cause: options.cause })
    this.name = 'Refusal'
    this.code = code
    this.fix = options.fix
    this.details = options.details ?? {}
  }

  get status(): number {
    return refusalCodes[this.code].status
  }
}

/** Next bundles a copy of this module, so a refusal is known by its brand and not by `instanceof`. */
export function isRefusal(error: unknown): error is Refusal {
  return typeof error === 'object' && error !== null && brand in error
}

/** What a rule answers: the page shows `reason`, the command throws it. */
export type Verdict = { allowed: true } | { allowed: false; code: RefusalCode; reason: string; fix?: string }

export const allowed: Verdict = { allowed: true }

export function refused(code: RefusalCode, reason: string, fix?: string): Verdict {
  return fix === undefined ? { allowed: false, code, reason } : { allowed: false, code, reason, fix }
}

/** Throws the refusal that a rule answered. */
export function demand(verdict: Verdict): void {
  if (!verdict.allowed) throw new Refusal(verdict.code, verdict.reason, verdict.fix === undefined ? {} : { fix: verdict.fix })
}
