// Verification after `applied`: named suites, each with what it saw.

export interface VerificationCheck {
  suite: 'status' | 'auto' | 'durable'
  outcome: 'passed' | 'failed' | 'not_applicable'
  /** What was seen, as one sentence. */
  detail: string
}

export type VerificationResult = 'pending' | 'passed' | 'failed' | 'not_applicable'

/** Failed when one failed; passed when at least one passed; otherwise nothing was there to verify. */
export function summarise(checks: readonly VerificationCheck[]): 'passed' | 'failed' | 'not_applicable' {
  if (checks.some(({ outcome }) => outcome === 'failed')) return 'failed'
  return checks.some(({ outcome }) => outcome === 'passed') ? 'passed' : 'not_applicable'
}
