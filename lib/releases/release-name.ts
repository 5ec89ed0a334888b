// The grammar of release names (S2.4, S4.40): `vX.Y.Z` is stable, `vX.Y.Z-previewN` is a preview, `sha-<12>` says only what it is.
import { allowed, refused, type Verdict } from '#lib/platform/refusal'

export type Channel = 'stable' | 'preview' | 'content'

const stable = /^v(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$/
const preview = /^v(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})-preview([1-9]\d{0,8})$/
const content = /^sha-[0-9a-f]{12}$/

/** undefined when it is no release name. */
export function channelOf(name: string): Channel | undefined {
  if (stable.test(name)) return 'stable'
  if (preview.test(name)) return 'preview'
  return content.test(name) ? 'content' : undefined
}

/** Whether a person may give a release this name. `sha-…` names are given by the content alone. */
export function mayName(name: string): Verdict {
  const channel = channelOf(name)
  if (channel === 'stable' || channel === 'preview') return allowed
  if (channel === 'content') {
    return refused('invalid_input', `${name} is a name that the content gives itself.`, 'Leave the name out, or use vX.Y.Z or vX.Y.Z-previewN.')
  }
  return refused('invalid_input', `"${name}" is not a release name.`, 'Use vX.Y.Z or vX.Y.Z-previewN, or leave it out for sha-<12 digits>.')
}

/** The first twelve hex digits of the image manifest's digest (`sha256:…`). */
export function contentName(imageDigest: string): string {
  return `sha-${imageDigest.slice('sha256:'.length, 'sha256:'.length + 12)}`
}

/** The name that would follow, to offer where one is taken: the next preview of a preview, the next patch of a stable. */
export function nextName(name: string): string | undefined {
  const asPreview = preview.exec(name)
  if (asPreview) return `${name.slice(0, name.lastIndexOf('preview'))}preview${Number(asPreview[4]) + 1}`
  const asStable = stable.exec(name)
  return asStable ? `v${asStable[1]}.${asStable[2]}.${Number(asStable[3]) + 1}` : undefined
}
