/** The cookie in which a browser keeps the tenant that somebody worked in last: what has no tenant in its address begins there. */
export const lastTenantCookie = 'caisson-tenant'

/** The tenant of those that somebody is a member of that they worked in last, else the first; undefined where there is none. */
export function lastTenantOf<Tenant extends { slug: string }>(tenants: readonly Tenant[], kept: string | undefined): Tenant | undefined {
  return tenants.find(({ slug }) => slug === kept) ?? tenants[0]
}

/** Keeps the choice for a year. Only in a browser. */
export function keepTenant(slug: string): void {
  const secure = location.protocol === 'https:' ? '; secure' : ''
  document.cookie = `${lastTenantCookie}=${encodeURIComponent(slug)}; path=/; max-age=${365 * 24 * 3600}; samesite=lax${secure}`
}
