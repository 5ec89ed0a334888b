/** The cookie in which a browser keeps its choice; the server writes it into the page, so that nothing flashes and no script is inlined. */
export const themeCookie = 'caisson-theme'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** Whatever a cookie says: an unknown value is the system's theme. */
export function themeOf(value: string | undefined): Theme {
  return themes.find((theme) => theme === value) ?? 'system'
}

/** The attribute of the root element; none lets `prefers-color-scheme` decide. */
export function themeAttribute(theme: Theme): { 'data-theme'?: 'light' | 'dark' } {
  return theme === 'system' ? {} : { 'data-theme': theme }
}

/** Changes the theme of this page at once and of the next ones by the cookie, for a year. */
export function chooseTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
  const secure = location.protocol === 'https:' ? '; secure' : ''
  document.cookie = `${themeCookie}=${theme}; path=/; max-age=${365 * 24 * 3600}; samesite=lax${secure}`
}

/** What this page shows now, which is what the cookie says. Only in a browser. */
export function currentTheme(): Theme {
  return themeOf(document.documentElement.dataset['theme'])
}
