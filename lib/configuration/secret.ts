// Secrets: written, never read back. What a page may know of one is that it is there, since when, by whom, and whether it changed.
import { z } from 'zod'
import { secretName, type ConfigDocument } from '#lib/configuration/config-document'
import type { Verdict } from '#lib/platform/refusal'

const slug = z.string().min(1).max(100)

export const setSecretInput = z.strictObject({
  application: slug,
  environment: slug,
  name: secretName,
  /** At most 64 KiB; kept exactly as it is sent. */
  value: z
    .string()
    .min(1, 'a secret has a value; take it away with DELETE')
    .refine((value) => Buffer.byteLength(value) <= 65_536, 'a secret has 64 KiB at most')
    .refine((value) => !value.includes('\0'), 'a secret cannot have a NUL byte: no environment can'),
})
export type SetSecretInput = z.output<typeof setSecretInput>

export const unsetSecretInput = z.strictObject({ application: slug, environment: slug, name: secretName })
export const listSecretsInput = z.strictObject({ application: slug, environment: slug })

/** The newest version of a secret as plans, gates and runtimes know it: never its value. */
export interface SecretFacts {
  name: string
  versionId: string
  number: number
  /** Keyed: equal for equal values of this secret, and of no use to anybody without the key. '' when it has no value. */
  fingerprint: string
}

/** As a plan holds it. */
export interface PlannedSecret {
  name: string
  versionId: string
  fingerprint: string
}

export interface SecretView {
  name: string
  /** `missing`: referred to and without a value. */
  state: 'set' | 'unset' | 'missing'
  version: number
  /** null for one that was never set. */
  changedAt: string | null
  changedBy: { id: string; name: string } | null
  /** Keys of connections of the newest revision that refer to it. */
  usedBy: string[]
  /** What runs was started with another version; null where nothing runs or nothing refers to it there. */
  changedSinceDeployed: boolean | null
  /** The version that what runs was started with; null where it has none. */
  deployedVersion: number | null
}

export interface SecretsView {
  items: SecretView[]
  write: Verdict
}

/** The secrets that a configuration refers to, with the versions that would be delivered; those without a value are left out. */
export function secretsFor(document: Pick<ConfigDocument, 'connections'>, newest: readonly SecretFacts[]): PlannedSecret[] {
  const names = new Set(Object.values(document.connections).map(({ secret }) => secret))
  return newest
    .filter(({ name, fingerprint }) => names.has(name) && fingerprint !== '')
    .map(({ name, versionId, fingerprint }) => ({ name, versionId, fingerprint }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}
