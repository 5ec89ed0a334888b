/**
 * Whether a tag looks like the name of a release (`1.2.3`, `v1.2.3-preview1`, `sha-0123456789ab`). Such a name is given
 * once and for ever; the trigger `claimed` on `tag` says the same.
 */
export function isKeptTag(name: string): boolean {
  return /^(?:v?\d+\.\d+\.\d+.*|sha-[0-9a-f]{12})$/.test(name)
}
