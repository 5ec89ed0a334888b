import { existsSync, readFileSync } from 'node:fs'

export interface Totals {
  passed: number
  failed: number
  skipped: number
}

/** Sums what the runners wrote: the JSON of vitest and of Playwright. A file that is not there counts as one failure. */
export function totalsOf(files: readonly string[]): Totals {
  const sum: Totals = { passed: 0, failed: 0, skipped: 0 }
  for (const file of files) {
    const totals = existsSync(file) ? read(file) : { passed: 0, failed: 1, skipped: 0 }
    sum.passed += totals.passed
    sum.failed += totals.failed
    sum.skipped += totals.skipped
  }
  return sum
}

function read(file: string): Totals {
  const report = JSON.parse(readFileSync(file, 'utf8')) as {
    numPassedTests?: number
    numFailedTests?: number
    numFailedTestSuites?: number
    numPendingTests?: number
    numTodoTests?: number
    stats?: { expected: number; unexpected: number; flaky: number; skipped: number }
  }
  if (report.stats) {
    return { passed: report.stats.expected + report.stats.flaky, failed: report.stats.unexpected, skipped: report.stats.skipped }
  }
  return {
    passed: report.numPassedTests ?? 0,
    failed: (report.numFailedTests ?? 0) + (report.numPassedTests === 0 ? (report.numFailedTestSuites ?? 0) : 0),
    skipped: (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0),
  }
}
