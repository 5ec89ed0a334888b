// What has to be known before and after a release runs in an environment: the default template, as data. A version that was
// ever signed under never changes; a new template is a new version.
import type { Role } from '#lib/access/permissions'

export const controlIds = [
  'rendered-manifest',
  'migration-result',
  'readiness-output',
  'smoke-test',
  'alert-wiring',
  'backup-proof',
  'version-pin',
  'secrets',
  'network',
  'storage',
  'runtime',
  'observability',
  'recovery',
  'owner-sign-off',
] as const
export type ControlId = (typeof controlIds)[number]

/**
 * Who knows: `system` records it by itself and takes it from nobody; `people` attach it; `either`; `derived` is read from what
 * runs and what was approved, each time that somebody looks; `signature` is the owner's, over all others.
 */
export type Collection = 'system' | 'people' | 'either' | 'derived' | 'signature'

export interface Control {
  id: ControlId
  /** One of the seven evidence items, or one of the seven checks. */
  kind: 'evidence' | 'check'
  title: string
  /** What has to be true, as one sentence. */
  says: string
  /** Whose item it is. */
  owner: Role
  /** Older evidence than this is expired; null: it lasts as long as the digests. */
  maxAgeMinutes: number | null
  /** before: must be known before the release is let in; after: can only be known once it runs. */
  when: 'before' | 'after'
  collection: Collection
  /** Each of them has to be there; empty: one is enough. */
  parts: readonly { id: string; title: string }[]
  /** The declaration of a release that makes the item not applicable. */
  notApplicableWhen?: 'no-state-migration'
}

export interface Template {
  version: number
  controls: readonly Control[]
}

const days = 24 * 60

const controlsV1: readonly Control[] = [
  {
    id: 'rendered-manifest',
    kind: 'evidence',
    title: 'Rendered manifest',
    says: 'The manifests that the runtime is given were rendered and kept.',
    owner: 'release_manager',
    maxAgeMinutes: null,
    when: 'before',
    collection: 'system',
    parts: [],
  },
  {
    id: 'migration-result',
    kind: 'evidence',
    title: 'Migration result',
    says: 'The migrations of this release ran to their end here.',
    owner: 'developer',
    maxAgeMinutes: null,
    when: 'after',
    collection: 'either',
    parts: [],
    notApplicableWhen: 'no-state-migration',
  },
  {
    id: 'readiness-output',
    kind: 'evidence',
    title: 'Readiness output',
    says: 'Every replica was observed ready at the promised digest and configuration.',
    owner: 'sre',
    maxAgeMinutes: null,
    when: 'after',
    collection: 'system',
    parts: [],
  },
  {
    id: 'smoke-test',
    kind: 'evidence',
    title: 'Smoke test',
    says: 'The verification after the rollout passed, through the address that users reach.',
    owner: 'sre',
    maxAgeMinutes: null,
    when: 'after',
    collection: 'system',
    parts: [],
  },
  {
    id: 'alert-wiring',
    kind: 'evidence',
    title: 'Alert wiring',
    says: 'Alerts of this application reach somebody who is on call.',
    owner: 'sre',
    maxAgeMinutes: 90 * days,
    when: 'before',
    collection: 'people',
    parts: [],
  },
  {
    id: 'backup-proof',
    kind: 'evidence',
    title: 'Backup proof',
    says: 'A backup was made and verified, no longer ago than its age limit.',
    owner: 'sre',
    maxAgeMinutes: 1 * days,
    when: 'before',
    collection: 'either',
    parts: [],
  },
  {
    id: 'version-pin',
    kind: 'check',
    title: 'Version pin',
    says: 'The running digests and the values are those of the release approval.',
    owner: 'release_manager',
    maxAgeMinutes: null,
    when: 'after',
    collection: 'derived',
    parts: [],
  },
  {
    id: 'secrets',
    kind: 'check',
    title: 'Secrets',
    says: 'Every secret that the release needs has a place and an owner.',
    owner: 'sre',
    maxAgeMinutes: null,
    when: 'before',
    collection: 'derived',
    parts: [],
  },
  {
    id: 'network',
    kind: 'check',
    title: 'Network',
    says: 'Only the required ways in and out are open.',
    owner: 'sre',
    maxAgeMinutes: 90 * days,
    when: 'before',
    collection: 'people',
    parts: [],
  },
  {
    id: 'storage',
    kind: 'check',
    title: 'Storage',
    says: 'Migrations are complete, and what the release keeps its state in is provisioned.',
    owner: 'sre',
    maxAgeMinutes: null,
    when: 'after',
    collection: 'either',
    parts: [],
    notApplicableWhen: 'no-state-migration',
  },
  {
    id: 'runtime',
    kind: 'check',
    title: 'Runtime',
    says: 'Every component answers its readiness probe now; being alive is not enough.',
    owner: 'sre',
    maxAgeMinutes: 10,
    when: 'after',
    collection: 'derived',
    parts: [],
  },
  {
    id: 'observability',
    kind: 'check',
    title: 'Observability',
    says: 'Monitors and alert rules are installed, or equivalent alerts were fired once to try them.',
    owner: 'sre',
    maxAgeMinutes: 90 * days,
    when: 'before',
    collection: 'people',
    parts: [],
  },
  {
    id: 'recovery',
    kind: 'check',
    title: 'Recovery',
    says: 'Data and secrets were each restored in isolation, in a drill.',
    owner: 'sre',
    maxAgeMinutes: 90 * days,
    when: 'before',
    collection: 'either',
    parts: [
      { id: 'data', title: 'drill of the data' },
      { id: 'secrets', title: 'drill of the secrets' },
    ],
  },
  {
    id: 'owner-sign-off',
    kind: 'evidence',
    title: 'Owner sign-off',
    says: 'The owner signed all of the above.',
    owner: 'evidence_owner',
    maxAgeMinutes: null,
    when: 'after',
    collection: 'signature',
    parts: [],
  },
]

const templates: readonly Template[] = [{ version: 1, controls: controlsV1 }]

/** The template that checklists are made from now. */
export const currentTemplate: Template = templates[templates.length - 1] ?? { version: 0, controls: [] }

export function findControl(id: string): Control | undefined {
  return currentTemplate.controls.find((control) => control.id === id)
}

/** The name under which one item is waived: `evidence:alert-wiring`. */
export function waiverName(control: ControlId): string {
  return `evidence:${control}`
}

/** The control of a waiver's name; a signature is given or not, and cannot be waived. */
export function waivedControl(name: string): Control | undefined {
  const control = name.startsWith('evidence:') ? findControl(name.slice('evidence:'.length)) : undefined
  return control && control.collection !== 'signature' ? control : undefined
}

/** Minutes that evidence for a control stays good here: `maxAgeHours.backup-proof` of the gate `evidence` in a policy, else the template's. */
export function ageLimit(control: Control, parameters: Record<string, unknown>): number | null {
  const hours = parameters[`maxAgeHours.${control.id}`]
  return typeof hours === 'number' && hours > 0 ? hours * 60 : control.maxAgeMinutes
}
