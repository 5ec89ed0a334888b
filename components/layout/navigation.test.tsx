import { describe, expect, it } from 'vitest'
import { isAt, placeHref, places } from '#components/layout/navigation'
import { commandsFor, matching } from '#components/layout/palette-commands'
import type { MeView } from '#lib/access/session'

const me = {
  name: 'Dev',
  tenants: [
    { slug: 'northwind', name: 'Northwind', roles: ['developer'] },
    { slug: 'acme', name: 'Acme', roles: ['auditor', 'viewer'] },
  ],
} as unknown as MeView

describe('the places of a tenant', () => {
  it('are told apart: at any address at most one is here, and the board only at its own', () => {
    for (const place of places) {
      const here = places.filter((other) => isAt(placeHref('acme', place), 'acme', other))
      expect(here).toEqual([place])
      if (place.path !== '') expect(isAt(`${placeHref('acme', place)}/orders/v1`, 'acme', place)).toBe(true)
    }
    expect(places.filter((place) => isAt('/t/acme/promotions/1', 'acme', place))).toEqual([])
    expect(places.filter((place) => isAt('/t/acme-two', 'acme', place))).toEqual([])
  })

  it('have a key each', () => {
    expect(new Set([...places.map(({ key }) => key), 'u', 't']).size).toBe(places.length + 2)
  })
})

describe('the palette', () => {
  it('leads to every place, in the tenant that is open, and to the other tenants', () => {
    const gone: string[] = []
    const commands = commandsFor(me, 'northwind', { push: (href) => gone.push(href) })
    for (const { group, act } of commands) if (group === 'Go to' || group === 'Tenant') act()
    for (const place of places) expect(gone).toContain(placeHref('northwind', place))
    expect(gone).toContain('/t/acme')
    expect(gone).not.toContain('/t/acme/releases')
  })

  it('puts what is called by the words before what only has to do with them', () => {
    const commands = commandsFor(me, 'northwind', { push: () => {} })
    expect(matching(commands, '')[0]?.label).toBe('Board')
    expect(matching(commands, 'upload')[0]?.label).toBe('Upload a JAR')
    expect(matching(commands, 'releases')[0]?.label).toBe('Releases')
    expect(matching(commands, 'no such thing')).toEqual([])
  })

  it('offers no act to somebody who only reads', () => {
    const acts = commandsFor(me, 'acme', { push: () => {} }).filter(({ group }) => group === 'Do')
    expect(acts.map(({ label }) => label)).toEqual(['Sign out'])
  })

  it('says who may do what somebody may not, when it is looked for and not before', () => {
    const commands = commandsFor(me, 'northwind', { push: () => {} })
    const labels = (words: string): string[] => matching(commands, words).map(({ label }) => label)
    expect(labels('')).toContain('Upload a JAR')
    expect(labels('')).not.toContain('Create an install kit')
    expect(matching(commands, 'create kit')[0]).toMatchObject({
      label: 'Create an install kit',
      offReason: expect.stringContaining('release manager'),
    })
    expect(labels('webhook')).toEqual(['Webhooks', 'Add a webhook'])
  })

  it('leads to every part of the settings by its name and by what is done there', () => {
    const gone: string[] = []
    const commands = commandsFor(me, 'northwind', { push: (href) => gone.push(href) })
    for (const words of ['members', 'tokens', 'policies', 'applications', 'webhooks', 'backups', 'tier']) matching(commands, words)[0]?.act()
    const at = (...slugs: string[]) => slugs.map((slug) => `/t/northwind/settings/${slug}`)
    expect(gone).toEqual(at('members', 'tokens', 'policies', 'applications', 'webhooks', 'backups', 'tenant'))
  })

  it('offers nothing of a tenant to somebody without one', () => {
    const commands = commandsFor({ ...me, tenants: [] }, undefined, { push: () => {} })
    expect(commands.map(({ label }) => label)).toEqual(['Tenants', 'Account', 'Dark theme', 'Light theme', 'Theme of the system', 'Sign out'])
  })
})
