// The seven stages of a kit (S0.12), in their one order, as data: who may take each, and what has to be so before.
import type { Verb } from '#lib/access/permissions'
import type { KitDocument } from '#lib/kits/document'
import { runbookSections } from '#lib/kits/sections'
import { allowed, refused, type Verdict } from '#lib/platform/refusal'

export const stageIds = ['package', 'review', 'secrets', 'render', 'install', 'verify', 'hand-off'] as const
export type StageId = (typeof stageIds)[number]

export interface Stage {
  id: StageId
  title: string
  /** What has to be so before it is done. */
  entry: string
  verb: Verb
}

export const stages: readonly Stage[] = [
  { id: 'package', title: 'Package kit', entry: 'All five artifacts are complete; no section of the runbook is empty.', verb: 'kit.prepare' },
  { id: 'review', title: 'Security and platform review', entry: 'Somebody else than who prepared it has read it.', verb: 'promotion.approve' },
  { id: 'secrets', title: 'Create runtime secrets', entry: 'Every secret of the manifest has a place and an owner.', verb: 'secret.write' },
  { id: 'render', title: 'Render manifests', entry: 'The manifests of this release were rendered for this environment.', verb: 'kit.prepare' },
  { id: 'install', title: 'Install or upgrade', entry: 'The digests and the configuration revision of the kit run.', verb: 'deployment.operate' },
  {
    id: 'verify',
    title: 'Readiness, smoke, alerts, backups',
    entry: 'Every item of the checklist but the signature is settled.',
    verb: 'deployment.operate',
  },
  {
    id: 'hand-off',
    title: 'Operations hand-off',
    entry: 'The checklist is signed, and nothing that the hand-off asks for is missing.',
    verb: 'kit.accept',
  },
]

export interface StageRecord {
  stage: string
  outcome: string
  doneBy: string
}

/** What a kit knows of the world when a stage is to be taken. */
export interface StageFacts {
  document: KitDocument
  createdBy: string
  actorId: string
  /** Secrets without a place or an owner. */
  homelessSecrets: string[]
  hasManifest: boolean
  /** '' when the kit's digests and revision run. */
  whyNotInstalled: string
  /** Items that are not settled, but the signature. */
  openItems: string[]
  isSigned: boolean
  /** Of owner, secret, backup, alert, recovery test: what is not proven. */
  missingForHandOff: string[]
}

/** The stage that comes next; undefined when all are done, or one failed. */
export function nextStage(done: readonly StageRecord[]): StageId | undefined {
  if (done.some(({ outcome }) => outcome === 'failed')) return undefined
  return stageIds.find((id) => !done.some(({ stage }) => stage === id))
}

/** Only the next one can be taken: a stage that is skipped is refused with the one that is missing before it (409). */
export function mayTake(stage: StageId, done: readonly StageRecord[], revision: number): Verdict {
  const failed = done.find(({ outcome }) => outcome === 'failed')
  if (failed) return refused('conflict', `Revision ${revision} failed at ${titleOf(failed.stage)}.`, 'Go on with the newer revision.')
  if (done.some((one) => one.stage === stage))
    return refused('conflict', `${titleOf(stage)} is done already in revision ${revision}.`, 'Take the next stage.')
  const next = nextStage(done)
  if (next === stage) return allowed
  return refused(
    'conflict',
    `${titleOf(stage)} cannot be taken yet: ${titleOf(next ?? stage)} is missing before it.`,
    `Take ${titleOf(next ?? stage)} first.`,
  )
}

/** Whether the entry condition of a stage holds. A failure is recorded without asking. */
export function mayEnter(stage: StageId, facts: StageFacts): Verdict {
  const reason = whyNot[stage](facts)
  return reason === '' ? allowed : refused('conflict', reason, `${titleOf(stage)}: ${stages.find(({ id }) => id === stage)?.entry ?? ''}`)
}

const whyNot: Record<StageId, (facts: StageFacts) => string> = {
  package: ({ document }) => {
    const empty = runbookSections.filter((section) => document.runbook[section].trim() === '')
    return empty.length === 0 ? '' : `The runbook has nothing under ${empty.join(', ')}.`
  },
  review: ({ createdBy, actorId }) => (createdBy === actorId ? 'You prepared this revision, and a review asks for other eyes.' : ''),
  secrets: ({ homelessSecrets }) => (homelessSecrets.length === 0 ? '' : `No place or owner: ${homelessSecrets.join(', ')}.`),
  render: ({ hasManifest }) => (hasManifest ? '' : 'No manifest of this release was rendered here: request its promotion first.'),
  install: ({ whyNotInstalled }) => whyNotInstalled,
  verify: ({ openItems }) => (openItems.length === 0 ? '' : `Open: ${openItems.join(', ')}.`),
  'hand-off': ({ isSigned, missingForHandOff }) => {
    if (missingForHandOff.length > 0) return `The hand-off is refused while this is missing: ${missingForHandOff.join(', ')}.`
    return isSigned ? '' : 'The checklist is not signed, or changed since.'
  },
}

export function titleOf(stage: string): string {
  return stages.find(({ id }) => id === stage)?.title ?? stage
}
