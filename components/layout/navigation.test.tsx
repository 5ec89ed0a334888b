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
    const acts = (tenant: string) => commandsFor(me, tenant, { push: () => {} }).flatMap(({ group, label }) => (group === 'Do' ? [label] : []))
    expect(acts('northwind')).toContain('Roll back')
    expect(acts('acme')).toEqual(['Sign out'])
  })

  it('offers nothing of a tenant to somebody without one', () => {
    const commands = commandsFor({ ...me, tenants: [] }, undefined, { push: () => {} })
    expect(commands.map(({ label }) => label)).toEqual(['Tenants', 'Account', 'Dark theme', 'Light theme', 'Theme of the system', 'Sign out'])
  })
})
