import type { RuntimeTarget } from '#lib/runtime/driver'

/** Where a driver gets the values of secrets from, at the moment of a start. */
export interface SecretSource {
  /** Values by version id. `unavailable` when one cannot be opened. */
  open(target: RuntimeTarget, versionIds: readonly string[]): Promise<Map<string, string>>
}
