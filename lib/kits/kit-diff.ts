// Two revisions of a kit, artifact by artifact.
import { z } from 'zod'
import type { KitDocument } from '#lib/kits/document'
import { runbookSections, valueSections } from '#lib/kits/sections'
import { diffLines, hunksOf, type Hunk } from '#lib/kits/line-diff'

const number = z.coerce.number().int().min(1)
export const kitDiffInput = z.strictObject({
  kit: z.string().min(1).max(100),
  /** The one before `to`, when absent. */
  from: number.optional(),
  /** The newest, when absent. */
  to: number.optional(),
})

/** The five of S0.3–S0.7. */
export const artifactIds = ['release', 'values', 'secrets', 'runbook', 'checklist'] as const
export type ArtifactId = (typeof artifactIds)[number]

export const artifactTitles: Record<ArtifactId, string> = {
  release: 'Release version',
  values: 'Values',
  secrets: 'Secret manifest',
  runbook: 'Runbook',
  checklist: 'Evidence checklist',
}

export interface ArtifactDiff {
  id: ArtifactId
  title: string
  /** Lines that came and that went; both 0 where the artifact is the same. */
  added: number
  removed: number
  hunks: Hunk[]
}

interface DiffSide {
  revision: number
  bundle: string
  digest: string
}

export interface KitDiffView {
  kit: string
  from: DiffSide
  to: DiffSide
  artifacts: ArtifactDiff[]
}

export function diffKits(before: KitDocument, after: KitDocument): ArtifactDiff[] {
  const [was, is] = [textsOf(before), textsOf(after)]
  return artifactIds.map((id) => {
    const lines = diffLines(was[id], is[id])
    const count = (sign: string) => lines.filter((line) => line.sign === sign).length
    return { id, title: artifactTitles[id], added: count('+'), removed: count('-'), hunks: hunksOf(lines) }
  })
}

/** Each artifact as text that a person can read line by line; keys in the order that the document gives them. */
export function textsOf({ release, configuration, manifestsDigest, values, secrets, runbook, checklist }: KitDocument): Record<ArtifactId, string> {
  const lines = (parts: readonly string[]) => parts.join('\n')
  return {
    release: lines([
      `release ${release.name}`,
      ...release.components.map(({ name, image }) => `${name} ${image}`),
      `values r${configuration.revision} ${configuration.hash}${configuration.isRunning ? '' : ' (does not run yet)'}`,
      `manifests ${manifestsDigest === '' ? 'not rendered' : manifestsDigest}`,
    ]),
    values: lines(
      valueSections.map((section) => {
        const said = values[section]
        return said.state === 'not_applicable'
          ? `[${section}] not applicable: ${said.reason}`
          : `[${section}] ${said.state}\n${JSON.stringify(said.values, sortedKeys, 2)}`
      }),
    ),
    secrets: lines(
      secrets.map(
        ({ key, owner, location, delivery, lastRotatedAt }) =>
          `${key}\n  owner ${owner || 'none'}\n  place ${location || 'none'}\n  delivery ${delivery}\n  last rotated ${lastRotatedAt || 'never'}`,
      ),
    ),
    runbook: lines(runbookSections.map((section) => `## ${section}\n${runbook[section]}`)),
    checklist: lines([
      `template ${checklist.template}`,
      `sign-off ${checklist.signOff}`,
      ...checklist.items.map(
        ({ title, status, reason, contentDigests }) =>
          `${title}: ${status}${reason === '' ? '' : `, ${reason}`}${contentDigests.map((digest) => `\n  ${digest}`).join('')}`,
      ),
    ]),
  }
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
