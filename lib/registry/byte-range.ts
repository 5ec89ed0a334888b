/** First and last byte, both included. */
export interface ByteRange {
  start: number
  end: number
}

/**
 * The one range of a Range header (RFC 9110 §14.1.2) within `sizeBytes`. undefined: send the whole (no header, another
 * unit, several ranges, not understood); 'unsatisfiable': 416.
 */
export function parseRange(header: string | undefined, sizeBytes: number): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '')
  if (!match) return undefined
  const [, first = '', last = ''] = match
  if (first === '' && last === '') return undefined
  if (first === '')
    return Number(last) === 0 || sizeBytes === 0 ? 'unsatisfiable' : { start: Math.max(0, sizeBytes - Number(last)), end: sizeBytes - 1 }
  const start = Number(first)
  const end = last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1)
  // RFC 9110 lets a reversed range be ignored; the conformance suite asks for 416.
  const isReversed = last !== '' && Number(last) < start
  return isReversed || start >= sizeBytes ? 'unsatisfiable' : { start, end }
}

/** `start-end` of the Content-Range of a chunk (distribution-spec, "Pushing a blob in chunks"); 'invalid' when it is something else. */
export function parseChunkRange(header: string | undefined): ByteRange | 'invalid' | undefined {
  if (header === undefined) return undefined
  const match = /^(?:bytes[ =])?(\d{1,15})-(\d{1,15})(?:\/(?:\d+|\*))?$/.exec(header.trim())
  if (!match) return 'invalid'
  const range = { start: Number(match[1]), end: Number(match[2]) }
  return range.end < range.start ? 'invalid' : range
}
