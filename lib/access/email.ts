import { z } from 'zod'

/** One spelling per address: NFKC first, so that a full-width `＠` is an `@` before anything is checked. */
export function normaliseEmail(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase()
}

/** An address as people type it; parses to the normalised one. */
export const emailSchema = z.string().max(300).transform(normaliseEmail).pipe(z.email('is not an email address').max(254))
