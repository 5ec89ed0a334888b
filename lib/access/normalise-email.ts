/** One spelling per address: NFKC first, so that a full-width `＠` is an `@` before anything is checked. */
export function normaliseEmail(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase()
}
