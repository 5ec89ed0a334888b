import { canonicalJson } from '#lib/platform/canonical-json'
import type { DesiredState, RuntimeKind } from '#lib/runtime/driver'

/** The manifests of a runtime as text: pure, the same bytes for the same state. */
export function renderManifests(runtimeKind: RuntimeKind | (string & {}), desired: DesiredState): string {
  return canonicalJson({ runtimeKind, desired })
}
