/**
 * Where to go after signing in: an address of this installation and nothing else, or the start. A link of somebody else must not
 * lead from our sign-in to their copy of it (CWE-601); browsers read `//host` and `/\host` as another host.
 */
export function nextAddress(asked: string | string[] | undefined): string {
  if (typeof asked !== 'string' || !asked.startsWith('/')) return '/'
  const base = 'http://localhost'
  if (!URL.canParse(asked, base)) return '/'
  const url = new URL(asked, base)
  url.searchParams.delete('_rsc') // of Next's own requests, never of an address that somebody typed
  return url.origin === base && !url.pathname.startsWith('//') ? `${url.pathname}${url.search}${url.hash}` : '/'
}
