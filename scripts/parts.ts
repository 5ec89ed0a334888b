// The tests that need real parts of others: OCI clients, JARs from Maven Central, PostgreSQL of Debian. Installs what it needs,
// as root or by sudo. Arguments go to vitest; without any, the journey of the pages follows, with a Spring Boot JAR.
import { spawnSync } from 'node:child_process'
import { globSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
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
const reports = [report]
if (process.argv.length === 2) {
  const journey = 'test-results/e2e-zipkin.json'
  const [older, newer] = ['3.4.4', '3.5.1'].map((version) => `${homedir()}/.cache/caisson-test/maven/zipkin-server-${version}-exec.jar`)
  const env = { ...process.env, CI: 'true', CAISSON_E2E_JARS: `${older}:${newer}`, CAISSON_E2E_REPORT: journey }
  spawnSync(process.execPath, ['scripts/e2e.ts', 'main-job'], { stdio: 'inherit', env })
  reports.push(journey)
}
const { failed, skipped } = totalsOf(reports)
if (skipped > 0) console.error(`${skipped} tests were skipped`)
process.exit(status === 0 && failed + skipped === 0 ? 0 : 1)
