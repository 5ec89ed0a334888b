// What is wrong with a configuration for a release: asked by the `config` gate and shown by the editor before that.
import type { ConfigDocument, LayerDocument } from '#lib/configuration/config-document'
import { keyPattern } from '#lib/configuration/key'
import { judgeKey, nearestKey, type KnownKeys } from '#lib/configuration/known-keys'
import { findPlaintextSecrets } from '#lib/configuration/plaintext-secrets'
import type { ConfigProblems } from '#lib/configuration/revision'

export interface CheckedComponent {
  spec: { requiredKeys: readonly string[]; environment: Readonly<Record<string, string>> }
  /** undefined where its JAR says nothing. */
  known: KnownKeys | undefined
}

/**
 * Required keys that nothing sets, keys that no component knows, secrets in the open, and secrets that are referred to and have no
 * value. A key is unknown when every component with metadata calls it so; without metadata nothing is.
 */
export function checkConfig(
  document: ConfigDocument | LayerDocument,
  components: readonly CheckedComponent[],
  secretsSet: ReadonlySet<string>,
): ConfigProblems {
  const { connections, flags, variables, jvmArguments } = document
  const isSet = (key: string) => [connections, flags, variables].some((group) => Object.hasOwn(group, key))
  const missing = components.flatMap(({ spec }) => spec.requiredKeys.filter((key) => !isSet(key) && !Object.hasOwn(spec.environment, key)))
  const properties = jvmArguments.flatMap((argument) => /^-D([^=]+)=/.exec(argument)?.[1] ?? []).filter((key) => keyPattern.test(key))
  const keys = [connections, flags, variables].flatMap((group) => Object.keys(group)).concat(properties)
  const schemas = components.flatMap(({ known }) => known ?? [])
  const declared = new Set(components.flatMap(({ spec }) => [...spec.requiredKeys, ...Object.keys(spec.environment)]))
  const unknown = keys.filter((key) => {
    if (declared.has(key)) return false
    const verdicts = schemas.map((known) => judgeKey(known, key))
    return verdicts.includes('unknown') && !verdicts.includes('known')
  })
  const unset = Object.values(connections).map(({ secret }) => secret)
  return {
    missing: [...new Set(missing)],
    unknown: [...new Set(unknown)].map((key) => ({
      key,
      suggestion: schemas.map((known) => nearestKey(known, key)).find((name) => name !== '') ?? '',
    })),
    plaintext: findPlaintextSecrets(document),
    unset: [...new Set(unset)].filter((name) => !secretsSet.has(name)).sort(),
  }
}

export function hasProblems({ missing, unknown, plaintext, unset }: ConfigProblems): boolean {
  return missing.length + unknown.length + plaintext.length + unset.length > 0
}
