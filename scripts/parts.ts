// The tests that need real parts of others: OCI clients, JARs from Maven Central, PostgreSQL of Debian. Installs what it needs,
// as root or by sudo. Arguments go to vitest.
import { spawnSync } from 'node:child_process'
import { globSync, rmSync } from 'node:fs'
import { demandJava } from './machine.ts'
import { totalsOf } from './totals.ts'

const report = 'test-results/parts.json'
rmSync(report, { force: true })
demandJava()
for (const script of globSync('scripts/parts/*.sh').toSorted()) {
  const { status } = spawnSync('bash', [script], { stdio: 'inherit' })
  if (status !== 0) {
    console.error(`${script} could not provide its part`)
    process.exit(1)
  }
}
const args = ['run', '--config', 'vitest.parts.config.ts', ...process.argv.slice(2)]
const { status } = spawnSync('vitest', args, { stdio: 'inherit', env: { ...process.env, CI: 'true' } })
const { failed, skipped } = totalsOf([report])
if (skipped > 0) console.error(`${skipped} tests were skipped`)
process.exit(status === 0 && failed + skipped === 0 ? 0 : 1)
