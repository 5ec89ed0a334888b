import { describe, expect, it } from 'vitest'
import { defaultConfig } from '#lib/configuration/config-document'
import { sha256Hex } from '#lib/platform/canonical-json'
import { describeMoves } from '#lib/promotions/describe-moves'
import { desiredStateOf } from '#lib/promotions/desired-state'
import { parsePlan, planDigest, planSchema, planText, type PlanDocument } from '#lib/promotions/plan'
import { componentSpecSchema } from '#lib/tenants/component-spec'

const hash = (text: string) => `sha256:${sha256Hex(text)}`

/** A plan with something in every place that the schema has. */
const full: PlanDocument = {
  tenant: { id: 't', slug: 'northwind' },
  application: { id: 'a', slug: 'orders' },
  environment: { id: 'e', slug: 'prod' },
  kind: 'rollback',
  release: {
    id: 'r',
    name: 'v1.0.0',
    components: [
      {
        name: 'app',
        repository: 'northwind/orders',
        digest: hash('image'),
        baseDigest: hash('base'),
        spec: componentSpecSchema.parse({
          arguments: ['--port', '${PORT}'],
          environment: { SERVER_PORT: '${PORT}' },
          readiness: { kind: 'http', path: '/health' },
          requiredKeys: ['DB_URL'],
          stateLabel: 's1',
        }),
      },
    ],
  },
  replicas: 3,
  strategy: { maxUnavailable: 0, maxSurge: 1 },
  config: { revision: 4, hash: hash('config') },
  secrets: [{ name: 'db', versionId: '5', fingerprint: 'f' }],
  runtime: { kind: 'process' },
  manifestsDigest: hash('manifests'),
  policyVersion: 2,
  signatures: [{ digest: hash('image'), issuer: 'i', identity: 'n', result: 'verified' }],
  evidenceDigest: hash('evidence'),
  baseline: {
    release: 'v1.1.0',
    components: [{ name: 'app', digest: hash('other') }],
    configRevision: 3,
    configHash: hash('c'),
    replicas: 2,
    isStopped: false,
  },
  freezeExemptions: ['f1'],
  waivers: [{ id: 'w1', gate: 'soak' }],
}

type Leaf = { path: string[]; value: string | number | boolean }

function leaves(value: unknown, path: string[] = []): Leaf[] {
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(([key, child]) => leaves(child, [...path, key]))
  return [{ path, value: value as Leaf['value'] }]
}

/** The same plan with one leaf changed to another value that the schema takes. */
function changeLeaf({ path, value }: Leaf): PlanDocument | undefined {
  const others =
    typeof value === 'number' ? [value + 1] : typeof value === 'boolean' ? [!value] : [`${value}x`, `/${value}`, hash(value), 'tcp', 'promote']
  for (const other of others) {
    const copy = structuredClone(full) as unknown as Record<string, unknown>
    let place = copy
    for (const key of path.slice(0, -1)) place = place[key] as Record<string, unknown>
    place[path.at(-1) ?? ''] = other
    const parsed = planSchema.safeParse(copy)
    if (parsed.success) return parsed.data
  }
  return undefined
}

describe('the plan', () => {
  it('S4.20: has another digest, and a sentence that says so, for a change of any of its leaves', () => {
    const all = leaves(full)
    expect(all.length).toBeGreaterThan(45)
    const digests = new Set([planDigest(full)])
    for (const leaf of all) {
      const changed = changeLeaf(leaf)
      if (!changed) {
        // The kind of a probe decides which other fields there are, so it has no neighbour.
        expect(leaf.path.join('.')).toMatch(/readiness\.kind$/)
        continue
      }
      digests.add(planDigest(changed))
      expect([leaf.path.join('.'), describeMoves(full, changed).length]).toEqual([leaf.path.join('.'), 1])
    }
    expect(digests.size).toBe(all.length)
  })

  it('has the same digest whatever the order of its keys, and survives being stored', () => {
    const reversed = Object.fromEntries(Object.entries(full).toReversed()) as PlanDocument
    expect(planDigest(reversed)).toBe(planDigest(full))
    expect(planDigest(full)).toBe(hash(planText(full)))
    expect(planDigest(parsePlan(planText(full)))).toBe(planDigest(full))
  })

  it('refuses a field that it does not know, so that nothing rides along unsigned', () => {
    expect(planSchema.safeParse({ ...full, extra: 1 }).success).toBe(false)
  })

  it('says in words what moved', () => {
    const moved = { ...full, config: { revision: 5, hash: hash('new') }, baseline: null }
    expect(describeMoves(full, moved)).toEqual([
      expect.stringMatching(/^what runs now: .* is gone$/),
      expect.stringMatching(/^configuration hash: sha256:.*… → sha256:.*…$/),
      'configuration revision: 4 → 5',
    ])
    expect(describeMoves(full, structuredClone(full))).toEqual([])
  })
})

describe('the desired state', () => {
  it('S2.16: lays the overlay over the environment of the component and leaves the digest alone', () => {
    const desired = desiredStateOf(full, { ...defaultConfig, variables: { SERVER_PORT: '1', A: 'b' }, jvmArguments: ['-Xmx64m'] })
    expect(desired.components[0]).toMatchObject({
      digest: hash('image'),
      replicas: 3,
      environment: { SERVER_PORT: '1', A: 'b' },
      jvmArguments: ['-Xmx64m'],
    })
  })

  it('has a configuration hash that a variable changes and a number of replicas does not', () => {
    const base = desiredStateOf(full, defaultConfig).configHash
    expect(desiredStateOf({ ...full, replicas: 9 }, { ...defaultConfig, replicas: 9 }).configHash).toBe(base)
    expect(desiredStateOf(full, { ...defaultConfig, variables: { A: 'b' } }).configHash).not.toBe(base)
  })
})
