// The closing line of a whole run: `ci-totals.ts STEPS_THAT_FAILED REPORT…`. Fails when something failed or was skipped.
import { totalsOf } from './totals.ts'

const [steps = '', ...reports] = process.argv.slice(2)
const { passed, failed, skipped } = totalsOf(reports)
if (skipped > 0) console.error(`${skipped} tests were skipped`)
// A step may fail without a test that does (a check, a runner that ended early), and a run may hold no test: no zero then.
const bad = failed + skipped || (steps === '' && passed > 0 ? 0 : 1)
if (steps !== '') console.error(`failed: ${steps}`)
console.log(`${passed} passed, ${bad} failed`)
process.exit(bad > 0 ? 1 : 0)
