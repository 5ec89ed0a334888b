// dependency-cruiser, with a floor: without its parser it cruises nothing and reports success.
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'

const folders = ['app', 'bin', 'components', 'e2e', 'lib', 'scripts'].filter((folder) => globSync(`${folder}/**/*.{ts,tsx}`).length > 0)
const expected = globSync('{app,bin,components,lib}/**/*.{ts,tsx}', { exclude: ['lib/platform/generated/**'] }).length
const result = spawnSync('depcruise', ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...folders], {
  encoding: 'utf8',
  maxBuffer: 512 * 1024 ** 2,
})
if (result.error) throw result.error
if (result.stdout === '') throw new Error(`dependency-cruiser said nothing but: ${result.stderr}`)
const { modules, summary } = JSON.parse(result.stdout) as {
  modules: { source: string }[]
  summary: { violations: { from: string; to: string; rule: { name: string } }[] }
}
const cruised = modules.filter(({ source }) => /^(app|bin|components|lib)\//.test(source)).length

for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} → ${to}`)
if (cruised < expected * 0.9) console.error(`only ${cruised} of ${expected} modules were looked at`)
if (summary.violations.length > 0 || cruised < expected * 0.9) process.exit(1)
console.log(`${cruised} modules, no import against the direction`)
