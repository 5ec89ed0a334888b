// The tests that need real parts of others: OCI clients and JARs from Maven Central. Needs root; installs what it needs.
import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'

for (const script of globSync('scripts/parts/*.sh').toSorted()) {
  const { status } = spawnSync('bash', [script], { stdio: 'inherit' })
  if (status !== 0) {
    console.error(`${script} could not provide its part`)
    process.exit(1)
  }
}
const { status } = spawnSync('vitest', ['run', '--config', 'vitest.parts.config.ts'], { stdio: 'inherit', env: { ...process.env, CI: 'true' } })
process.exit(existsSync('test-results/parts.json') ? (status ?? 1) : 1)
