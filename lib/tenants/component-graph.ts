// Which component starts when: pure over what each says has to come before it.
import { allowed, refused, type Verdict } from '#lib/platform/refusal'
import type { Dependency } from '#lib/tenants/component-spec'

export interface GraphComponent {
  name: string
  dependsOn?: readonly Dependency[] | undefined
}

/** Waves of names: everything in one may start together once the waves before it stand. What lies on a cycle, or behind one, comes last. */
export function startWaves(components: readonly GraphComponent[]): string[][] {
  const names = new Set(components.map(({ name }) => name))
  const waves: string[][] = []
  const placed = new Set<string>()
  while (placed.size < components.length) {
    const open = components.filter(({ name }) => !placed.has(name))
    const free = open.filter(({ dependsOn }) => (dependsOn ?? []).every(({ component }) => placed.has(component) || !names.has(component)))
    const wave = (free.length > 0 ? free : open).map(({ name }) => name)
    for (const name of wave) placed.add(name)
    waves.push(wave)
  }
  return waves
}

/** `invalid_input` where a component depends on one that is not there, or in the end on itself; in words that name the way round. */
export function mayDepend(components: readonly GraphComponent[]): Verdict {
  const names = components.map(({ name }) => name)
  for (const { name, dependsOn = [] } of components) {
    const unknown = dependsOn.find(({ component }) => !names.includes(component))
    if (unknown)
      return refused(
        'invalid_input',
        `${name} depends on ${unknown.component}, and there is no such component here.`,
        `Name one of ${names.filter((one) => one !== name).join(', ') || 'those that there are: there is no other'}.`,
      )
  }
  const cycle = findCycle(components)
  if (!cycle) return allowed
  return refused('invalid_input', `No component could start first: ${cycle.join(' → ')}.`, 'Take one of these dependencies away.')
}

/** A way from a component back to it; undefined where there is none. */
function findCycle(components: readonly GraphComponent[]): string[] | undefined {
  const edges = new Map(components.map(({ name, dependsOn = [] }) => [name, dependsOn.map(({ component }) => component)]))
  const done = new Set<string>()
  const walk = (name: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name]
    if (done.has(name)) return undefined
    for (const next of edges.get(name) ?? []) {
      const found = walk(next, [...path, name])
      if (found) return found
    }
    done.add(name)
    return undefined
  }
  for (const { name } of components) {
    const found = walk(name, [])
    if (found) return found
  }
  return undefined
}
