// Everything that is judged without running the program, cheapest first; all of it runs, so that one go shows all.
import { spawnSync } from 'node:child_process'

const checks: [what: string, command: string, ...args: string[]][] = [
  ['types', 'tsc', '--noEmit'],
  ['lint', 'oxlint', '--type-aware', '--deny-warnings'],
  ['format', 'oxfmt', '--check', '.'],
  ['direction of imports', process.execPath, 'scripts/cruise.ts'],
  ['nothing unused', 'knip'],
]

let failed = 0
for (const [what, command, ...args] of checks) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' })
  if (error) console.error(error.message)
  console.log(`${status === 0 ? '✓' : '✗'} ${what}`)
  if (status !== 0) failed += 1
}
process.exit(failed === 0 ? 0 : 1)
