// `npm run bench`: every figure beside its peer in the same run. `npm run bench -- A1 E2` runs these, `-- C` all of a letter.
// Ends with 1 when a floor is not met, or a bench or its peer did not run.
import { mkdirSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { inspect } from 'node:util'
import { lineOf, machineFacts, type Figure } from '#bench/measure'

export interface Bench {
  ids: readonly string[]
  /** Figures as they are found: what comes later may fail. */
  run: (wanted: readonly string[]) => AsyncGenerator<Figure>
}

const benches: Record<string, () => Promise<Bench>> = {
  A: async () => (await import('./a-image.ts')).imageBench,
  B: async () => (await import('./b-registry.ts')).registryBench,
  C: async () => (await import('./c-promotions.ts')).promotionBench,
  E: async () => (await import('./e-audit.ts')).auditBench,
  F: async () => (await import('./f-pages.ts')).pageBench,
}

const asked = process.argv.slice(2).map((word) => word.toUpperCase())
const machine = machineFacts()
const figures: Figure[] = []
const failures: { bench: string; error: string }[] = []
let isAnyKnown = false
console.log(`${machine.cpu}, ${machine.cores} cores, Linux ${machine.kernel}, Node ${machine.node}, load ${machine.load.toFixed(1)}`)
for (const [letter, load] of Object.entries(benches)) {
  if (asked.length > 0 && !asked.some((word) => word.startsWith(letter))) continue
  const bench = await load()
  const wanted = bench.ids.filter((id) => asked.length === 0 || asked.includes(id) || asked.includes(letter))
  if (wanted.length === 0) continue
  isAnyKnown = true
  try {
    for await (const figure of bench.run(wanted)) {
      figures.push(figure)
      console.log(lineOf(figure))
    }
  } catch (error) {
    failures.push({ bench: letter, error: inspect(error) })
    console.error(`${letter}: did not run: ${failures.at(-1)?.error}`)
  }
}
if (!isAnyKnown) failures.push({ bench: asked.join(' '), error: 'there is no such bench' })
mkdirSync('test-results', { recursive: true })
writeFileSync('test-results/bench.json', `${JSON.stringify({ machine, loadAfter: loadavg()[0], figures, failures }, null, 2)}\n`)
const missed = figures.filter(({ isMet }) => !isMet)
console.log(
  `${figures.length - missed.length} of ${figures.length} floors met${failures.length > 0 ? `, ${failures.length} benches did not run` : ''}`,
)
process.exit(missed.length + failures.length > 0 ? 1 : 0)
