// Refusals in the words of the Distribution specification ("Error Codes"): {"errors":[{"code","message","detail"}]}.
import { Refusal, type RefusalCode } from '#lib/platform/refusal'

/** distribution-spec "Error Codes", with PAGINATION_NUMBER_INVALID and RANGE_INVALID of the reference implementation and UNKNOWN for the rest. */
export type RegistryErrorCode =
  | 'BLOB_UNKNOWN'
  | 'BLOB_UPLOAD_INVALID'
  | 'BLOB_UPLOAD_UNKNOWN'
  | 'DENIED'
  | 'DIGEST_INVALID'
  | 'MANIFEST_BLOB_UNKNOWN'
  | 'MANIFEST_INVALID'
  | 'MANIFEST_UNKNOWN'
  | 'NAME_INVALID'
  | 'NAME_UNKNOWN'
  | 'PAGINATION_NUMBER_INVALID'
  | 'RANGE_INVALID'
  | 'SIZE_INVALID'
  | 'TOOMANYREQUESTS'
  | 'UNAUTHORIZED'
  | 'UNKNOWN'
  | 'UNSUPPORTED'

/** A refusal that a registry client is told as `code`. */
export function registryRefusal(code: RegistryErrorCode, refusal: RefusalCode, words: string, fix?: string): Refusal {
  return new Refusal(refusal, words, { details: { registry: code }, ...(fix === undefined ? {} : { fix }) })
}

/** One answer for what is not there and for what is somebody else's (S2.5): nobody learns which. */
export function unknownName(name: string): Refusal {
  return registryRefusal('NAME_UNKNOWN', 'not_found', `There is no repository ${name} that you can see.`, 'Look at the name: tenant/application.')
}

const byRefusal: Partial<Record<RefusalCode, RegistryErrorCode>> = {
  unauthenticated: 'UNAUTHORIZED',
  forbidden: 'DENIED',
  tag_taken: 'DENIED',
  conflict: 'DENIED',
  not_found: 'NAME_UNKNOWN',
  too_large: 'SIZE_INVALID',
  rate_limited: 'TOOMANYREQUESTS',
  quota_exceeded: 'TOOMANYREQUESTS',
}

/** @param invalid what malformed input is called on this route */
export function registryErrorBody(refusal: Refusal, invalid: RegistryErrorCode): string {
  const said = refusal.details['registry'] as RegistryErrorCode | undefined
  const code = said ?? (refusal.code === 'invalid_input' ? invalid : (byRefusal[refusal.code] ?? 'UNKNOWN'))
  return errorBody(code, refusal.fix === undefined ? refusal.message : `${refusal.message} ${refusal.fix}`)
}

export function errorBody(code: RegistryErrorCode, message: string, detail: unknown = null): string {
  return JSON.stringify({ errors: [{ code, message, detail }] })
}
