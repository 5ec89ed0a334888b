// Numbers of a bench: interleaved pairs, their ratios, and what is printed and kept of them.
import { execFileSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem } from 'node:os'

export interface Spread {
  min: number
  median: number
  max: number
}

/** A bound of reference figures: the target is what we are after, the floor what must hold. */
export interface Goal {
  /** Of the ratio ours / peer, or of our own figure. */
  of: 'ratio' | 'ours'
  bound: 'at most' | 'at least'
  floor: number
  target: number
}

export interface Figure {
  id: string
  what: string
  unit: 'ms' | '/s' | 'bytes' | ''
  ours: Spread
  peer: (Spread & { name: string }) | null
  /** Of each pair, not of the medians. */
  ratio: Spread | null
  goal: Goal
  isMet: boolean
  isTargetMet: boolean
  /** Slowest run of the peer by its quickest: over 2 the machine was too noisy to believe anything. */
  drift: number | null
}

export interface Comparison {
  id: string
  what: string
  unit: Figure['unit']
  ours: readonly number[]
  /** As many as ours, each measured beside the one of the same place. */
  peer?: { name: string; values: readonly number[] }
  goal: Goal
}

export function figureOf({ id, what, unit, ours, peer, goal }: Comparison): Figure {
  if (peer && peer.values.length !== ours.length) throw new Error(`${id}: ${ours.length} runs of ours, ${peer.values.length} of ${peer.name}`)
  const ratio = peer ? spreadOf(ours.map((value, index) => value / (peer.values[index] ?? Number.NaN))) : null
  const own = spreadOf(ours)
  const judged = goal.of === 'ours' ? own.median : (ratio?.median ?? Number.NaN)
  const holds = (limit: number) => (goal.bound === 'at most' ? judged <= limit : judged >= limit)
  return {
    id,
    what,
    unit,
    ours: own,
    peer: peer ? { name: peer.name, ...spreadOf(peer.values) } : null,
    ratio,
    goal,
    isMet: holds(goal.floor),
    isTargetMet: holds(goal.target),
    drift: peer ? Math.max(...peer.values) / Math.min(...peer.values) : null,
  }
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  return { min: sorted[0] ?? Number.NaN, median: percentile(sorted, 0.5), max: sorted.at(-1) ?? Number.NaN }
}

/** Of values in any order; between two of them the mean, as a median is. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const [low, high] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN]
  return low + (high - low) * (at % 1)
}

/** Runs the contestants in turn, A B A B …: one warm-up round, then `rounds` that count. Each answers its own figures. */
export async function interleave<N extends string>(
  rounds: number,
  contestants: Record<N, (round: number) => Promise<number>>,
): Promise<Record<N, number[]>> {
  const names = Object.keys(contestants) as N[]
  const found = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<N, number[]>
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const value = await contestants[name](round)
      if (round > 0) found[name].push(value)
    }
  }
  return found
}

export async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** What figures of another machine are not to be compared with. */
export function machineFacts() {
  return {
    cpu: cpus()[0]?.model ?? '',
    cores: cpus().length,
    memoryMiB: Math.round(totalmem() / 1024 ** 2),
    kernel: release(),
    node: process.version,
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    load: loadavg()[0] ?? 0,
  }
}

export function lineOf(figure: Figure): string {
  const { id, what, unit, ours, peer, ratio, goal, isMet, isTargetMet, drift } = figure
  const shown = (spread: Spread) => `${short(spread.median)}${unit && ` ${unit}`} [${short(spread.min)}–${short(spread.max)}]`
  const against = peer && ratio ? `, ${peer.name} ${shown(peer)}, ratio ${short(ratio.median)} [${short(ratio.min)}–${short(ratio.max)}]` : ''
  const verdict = isMet ? (isTargetMet ? 'met, target too' : 'met') : 'NOT MET'
  const noise = drift !== null && drift > 2 ? ` (noisy: the peer drifted ${short(drift)}×)` : ''
  return `${id} ${what}: ours ${shown(ours)}${against}; floor ${goal.of === 'ratio' ? 'ratio ' : ''}${goal.bound} ${short(goal.floor)}: ${verdict}${noise}`
}

function short(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 100 ? String(Math.round(value)) : value.toPrecision(3)
}
