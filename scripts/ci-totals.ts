// The closing line of a whole run; fails when something failed or was skipped.
import { totalsOf } from './totals.ts'

const { passed, failed, skipped } = totalsOf(process.argv.slice(2))
if (skipped > 0) console.error(`${skipped} tests were skipped`)
console.log(`${passed} passed, ${failed + skipped} failed`)
process.exit(failed + skipped > 0 || passed === 0 ? 1 : 0)
