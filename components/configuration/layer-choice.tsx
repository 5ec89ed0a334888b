import type { LayerDocument } from '#lib/configuration/config-document'
import type { Verdict } from '#lib/platform/refusal'

interface Numbered {
  number: number
  document: LayerDocument
}

/** Which of the three layers is edited, from where, and where it is saved. */
export interface LayerChoice {
  name: string
  hint: string
  from: Numbered
  newest: Numbered
  may: Verdict
  save: { path: string; with: Record<string, string> }
}

/** A layer that says nothing. */
export const emptyLayerShape: LayerDocument = { connections: {}, flags: {}, variables: {}, jvmArguments: [], files: {} }
