import { permissions, type Verb } from '#lib/access/permissions'

const groupOf: Record<string, string> = {
  artifact: 'Releases',
  release: 'Releases',
  registry: 'Releases',
  retention: 'Releases',
  kit: 'Releases',
  promotion: 'Promotions',
  rollback: 'Promotions',
  deployment: 'Operation',
  freeze: 'Operation',
  hold: 'Operation',
  overlay: 'Configuration',
  secret: 'Configuration',
  evidence: 'Proof',
  audit: 'Proof',
  desk: 'Proof',
}

interface VerbGroup {
  title: string
  verbs: { verb: string; says: string }[]
}

/** Verbs under the heading of what they are about, each with what it lets one do. */
export function verbGroups(verbs: readonly string[]): VerbGroup[] {
  const groups = new Map<string, VerbGroup>()
  for (const verb of verbs) {
    if (verb === 'tenant.read') continue // every token may look
    const title = groupOf[verb.split('.')[0] ?? ''] ?? 'Administration'
    const group = groups.get(title) ?? { title, verbs: [] }
    group.verbs.push({ verb, says: permissions[verb as Verb]?.says ?? verb })
    groups.set(title, group)
  }
  return [...groups.values()]
}
