// Names of images: registry, repository, tag and digest (distribution-spec, "Pulling manifests").
import { isDigest } from '#lib/oci/digest'
import { Refusal } from '#lib/platform/refusal'

export interface Reference {
  /** host[:port], lower case. */
  registry: string
  repository: string
  tag: string | undefined
  digest: string | undefined
}

const repositoryGrammar = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
const tagGrammar = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/
const hostGrammar = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*|\[[0-9a-f:]+\])(?::\d{1,5})?$/

/** 255 is what clients and other registries can store. */
export function isRepositoryName(text: string): boolean {
  return text.length <= 255 && repositoryGrammar.test(text)
}

export function isTag(text: string): boolean {
  return tagGrammar.test(text)
}

/**
 * Reads `registry/repository[:tag][@digest]`. The registry must be named: a default would let the same words mean
 * another image on another machine.
 * @throws Refusal `invalid_input`
 */
export function parseReference(text: string): Reference {
  const no = (why: string) =>
    new Refusal('invalid_input', `${shorten(text)} is not an image reference: ${why}.`, {
      fix: 'Write registry.example/repository:tag or …@sha256:<hex>.',
    })
  const [beforeDigest = '', digest, ...more] = text.split('@')
  if (more.length > 0) throw no('it has more than one @')
  if (digest !== undefined && !isDigest(digest)) throw no('what follows the @ is not a sha256 or sha512 digest')
  const slash = beforeDigest.indexOf('/')
  const registry = beforeDigest.slice(0, Math.max(slash, 0)).toLowerCase()
  const isHost = registry === 'localhost' || registry.includes('.') || registry.includes(':')
  if (!isHost) throw no('it names no registry')
  if (registry.length > 255 || !hostGrammar.test(registry) || Number(/:(\d+)$/.exec(registry)?.[1] ?? 0) > 65_535)
    throw no('its registry is not a host and port')
  const [repository = '', tag, ...rest] = beforeDigest.slice(slash + 1).split(':')
  if (rest.length > 0) throw no('it has more than one tag')
  if (!isRepositoryName(repository)) throw no('its repository has a name that no registry takes')
  if (tag !== undefined && !isTag(tag)) throw no('its tag is not 1 to 128 letters, digits, dots, dashes and underscores')
  if (tag === undefined && digest === undefined) throw no('it has neither a tag nor a digest')
  return { registry, repository, tag, digest }
}

export function formatReference({ registry, repository, tag, digest }: Reference): string {
  return `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}…` : text
}
