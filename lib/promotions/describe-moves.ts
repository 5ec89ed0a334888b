import type { PlanDocument } from '#lib/promotions/plan'

/** What moved from one plan to another, a sentence for each; empty when they are equal. Every difference is named. */
export function describeMoves(before: PlanDocument, after: PlanDocument): string[] {
  const moves: string[] = []
  walk(before, after, [], moves)
  return moves
}

function walk(before: unknown, after: unknown, path: readonly string[], moves: string[]): void {
  if (isTree(before) && isTree(after) && Array.isArray(before) === Array.isArray(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)])
    for (const key of [...keys].sort()) walk(Reflect.get(before, key), Reflect.get(after, key), [...path, key], moves)
    return
  }
  if (JSON.stringify(before) !== JSON.stringify(after)) moves.push(sentence(path, before, after))
}

function isTree(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

const names: Record<string, string> = {
  'config.revision': 'configuration revision',
  'config.hash': 'configuration hash',
  'release.name': 'release',
  manifestsDigest: 'rendered manifests',
  policyVersion: 'version of the policy',
  evidenceDigest: 'evidence',
  baseline: 'what runs now',
  'runtime.kind': 'runtime',
}

function sentence(path: readonly string[], before: unknown, after: unknown): string {
  const key = path.join('.')
  const isWaiver = path[0] === 'waivers' && path.length === 2
  const name = isWaiver ? 'waiver' : Object.hasOwn(names, key) ? (names[key] ?? key) : key.replaceAll('.', ' › ')
  if (before === undefined || before === null) return `${name}: ${say(after)} is new`
  if (after === undefined || after === null) return `${name}: ${say(before)} is gone`
  return `${name}: ${say(before)} → ${say(after)}`
}

function say(value: unknown): string {
  // A waiver is known by its gate.
  const gate: unknown = isTree(value) ? Reflect.get(value, 'gate') : undefined
  const text = typeof value === 'string' ? value : typeof gate === 'string' ? gate : JSON.stringify(value)
  if (/^sha256:[0-9a-f]{64}$/.test(text)) return `${text.slice(0, 19)}…`
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
