import { readAnchors } from '#lib/audit/internal/anchors'

export interface LogFile {
  /** Below the data directory. */
  path: string
  text: string
}

/**
 * The files outside the database that belong to a log as it was at a size: its anchors, and what was signed last. Those of a later time
 * would tell a copy of the database from before that it was cut.
 */
export function listLogFiles(logId: string, size: number): LogFile[] {
  const kept = readAnchors(logId).filter((anchor) => anchor.size <= size)
  const files = kept.map((anchor) => ({ path: `anchors/${logId}/${String(anchor.size).padStart(16, '0')}.checkpoint`, text: anchor.note }))
  const newest = kept.at(-1)
  if (!newest) return files
  const root = newest.note.split('\n')[2] ?? ''
  return [...files, { path: `keys/audit-signed/${logId}`, text: JSON.stringify({ size: newest.size, root }) }]
}
