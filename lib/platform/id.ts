import { randomUUID } from 'node:crypto'

/** A UUIDv7 (RFC 9562 §5.7): sorts by time of creation, 74 random bits. */
export function newId(now: number = Date.now()): string {
  const time = now.toString(16).padStart(12, '0')
  // Variant and random bits are those of a version 4, which Node makes many of at a time.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
}
