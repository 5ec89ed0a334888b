import { existsSync, readFileSync } from 'node:fs'

export interface Totals {
  passed: number
  failed: number
  skipped: number
}

/**
 * Sums what the runners wrote: the JSON of vitest and of Playwright. A file that is not there, cannot be read or tells of no
 * test at all counts as one failure, and so does a run that went wrong outside of any test.
 */
export function totalsOf(files: readonly string[]): Totals {
  const sum: Totals = { passed: 0, failed: 0, skipped: 0 }
  for (const file of files) {
    const totals = existsSync(file) ? read(file) : undefined
    sum.passed += totals?.passed ?? 0
    sum.skipped += totals?.skipped ?? 0
    sum.failed += totals && totals.passed + totals.failed + totals.skipped > 0 ? totals.failed : 1
  }
  return sum
}

interface VitestReport {
  success: boolean
  numPassedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: { status: string; assertionResults: { status: string }[] }[]
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number }
  errors: unknown[]
}

function read(file: string): Totals | undefined {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport | PlaywrightReport
    return 'stats' in report ? ofPlaywright(report) : ofVitest(report)
  } catch {
    return undefined
  }
}

function ofVitest({ success, numPassedTests: passed, numPendingTests, numTodoTests, testResults }: VitestReport): Totals {
  // A file that could not be loaded, or whose hooks failed, has no failed test: it is one failure itself.
  const failures = testResults.map(({ status, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === 'failed').length
    return tests === 0 && status === 'failed' ? 1 : tests
  })
  const failed = failures.reduce((sum, count) => sum + count, 0)
  return { passed, failed: failed === 0 && !success ? 1 : failed, skipped: numPendingTests + numTodoTests }
}

/** One that passed only when it was tried again has failed. */
function ofPlaywright({ stats, errors }: PlaywrightReport): Totals {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length, skipped: stats.skipped }
}
