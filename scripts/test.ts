// `npm test`: check, unit and integration tests on real parts, journeys in a browser. All of them run; it fails when one does, or when one is skipped.
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { demandJava } from './machine.ts'
import { totalsOf } from './totals.ts'

rmSync('test-results', { recursive: true, force: true })
mkdirSync('test-results', { recursive: true })
demandJava()
const env = { ...process.env, CI: 'true' }
const steps = [
  ['check', process.execPath, 'scripts/check.ts'],
  ['unit', 'vitest', 'run'],
  ['browser', process.execPath, 'scripts/e2e.ts'],
] as const

const failed = steps.filter(([what, command, ...args]) => {
  const startedAt = Date.now()
  const { status } = spawnSync(command, args, { stdio: 'inherit', env })
  console.log(`── ${what}: ${status === 0 ? 'ok' : 'failed'} after ${Math.round((Date.now() - startedAt) / 1000)} s`)
  return status !== 0
})
const totals = totalsOf(['test-results/unit.json', 'test-results/e2e.json'])
if (totals.skipped > 0) console.error(`${totals.skipped} tests were skipped`)
const isCheckBad = failed.some(([what]) => what === 'check')
console.log(`${totals.passed} passed, ${totals.failed + totals.skipped + (isCheckBad ? 1 : 0)} failed`)
process.exit(failed.length > 0 || totals.skipped > 0 || totals.failed > 0 ? 1 : 0)
