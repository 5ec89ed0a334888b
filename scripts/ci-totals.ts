// The closing line of a whole run; fails when something failed or was skipped.
import { totalsOf } from './totals.ts'

const { passed, failed, skipped } = totalsOf(['test-results/unit.json', 'test-results/e2e.json', 'test-results/parts.json'])
if (skipped > 0) console.error(`${skipped} tests were skipped`)
console.log(`${passed} passed, ${failed + skipped} failed`)
process.exit(failed + skipped > 0 || passed === 0 ? 1 : 0)
