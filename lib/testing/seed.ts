import { randomInt } from 'node:crypto'

/** The seed of a random test, printed so that a failure can be run again with SEED=<n>. */
export function testSeed(what: string): number {
  const seed = Number(process.env['SEED'] ?? randomInt(2 ** 31))
  console.log(`${what}: SEED=${seed}`)
  return seed
}
