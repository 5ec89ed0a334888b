'use client'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'

export interface AuditFilters {
  text: string
  actor: string
  action: string
  subject: string
  outcome: (typeof outcomes)[number]
  from: string
  to: string
}

const outcomes = ['', 'done', 'denied', 'failed'] as const

export const emptyFilters: AuditFilters = { text: '', actor: '', action: '', subject: '', outcome: '', from: '', to: '' }

const word = parseAsString.withDefault('')
const parsers = {
  text: word,
  actor: word,
  action: word,
  subject: word,
  outcome: parseAsStringLiteral(outcomes).withDefault(''),
  from: word,
  to: word,
  /** The last entry of the page before. */
  after: word,
  /** The entry that is unfolded. */
  entry: word,
}

interface AuditAddress {
  filters: AuditFilters
  after: string
  entry: string
  setFilters: (filters: AuditFilters) => void
  setAfter: (after: string) => void
  setEntry: (entry: string) => void
}

/** Filters, page and the unfolded entry, all in the address. */
export function useAuditAddress(): AuditAddress {
  const [{ after, entry, ...filters }, set] = useQueryStates(parsers)
  return {
    filters,
    after,
    entry,
    setFilters: (next) => void set({ ...next, after: null, entry: null }, { history: 'push' }),
    setAfter: (next) => void set({ after: next || null, entry: null }, { history: 'push' }),
    setEntry: (next) => void set({ entry: next || null }),
  }
}

/** The question for the API; what looks like a digest is searched as one, and what is no time is not sent. */
export function auditQuery({ text, from, to, ...rest }: AuditFilters): Record<string, string> {
  const trimmed = text.trim().toLowerCase()
  const isDigest = /^(sha(256|512):)?[0-9a-f]{12,128}$/.test(trimmed)
  return {
    ...rest,
    ...(isDigest ? { digest: trimmed } : { text: text.slice(0, 200) }),
    from: Number.isNaN(Date.parse(from)) ? '' : from,
    to: Number.isNaN(Date.parse(to)) ? '' : to,
  }
}
