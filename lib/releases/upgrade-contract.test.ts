import { describe, expect, it } from 'vitest'
import { judgeUpgrade, type Contract } from '#lib/releases/upgrade-contract'

type Row = [from: string, to: string, outcome: Contract['outcome'], says: RegExp, declared?: string[]]

const table: Row[] = [
  ['', 'v4.2.0', 'covered', /first one here/],
  ['v0.1.4', 'v0.1.4', 'covered', /runs here already/],
  ['v0.1.4', 'v0.1.9', 'covered', /line v0\.1/],
  ['v0.1.4', 'v0.1.2', 'covered', /line v0\.1/],
  ['v0.1.4', 'v0.2.0', 'covered', /after v0\.1/],
  ['v0.1.9', 'v0.3.0', 'outside', /needs v0\.2\.x first/],
  ['v0.2.0', 'v0.1.9', 'outside', /older/],
  ['v0.9.3', 'v1.0.0', 'outside', /declares no line/],
  ['v0.9.3', 'v1.0.0', 'covered', /declares that it upgrades from v0\.9/, ['v0.9']],
  ['v0.9.3', 'v1.0.0', 'covered', /declares/, ['v0']],
  ['v0.8.3', 'v1.0.0', 'outside', /from v0\.9 alone/, ['v0.9']],
  ['v0.9.3', 'v2.0.0', 'outside', /from v1 alone/, ['v1']],
  ['v1.0.0', 'v0.9.9', 'outside', /older/, ['v1']],
  ['v9.10.0', 'v9.11.0', 'covered', /after v9\.10/],
  ['', 'v1.0.0-preview1', 'outside', /previews are out of contract/],
  ['v1.0.0', 'v1.1.0-preview1', 'outside', /previews are out of contract/],
  ['v1.1.0-preview1', 'v1.1.0-preview2', 'outside', /previews are out of contract/],
  ['v1.1.0-preview1', 'v1.1.0', 'outside', /nothing is guaranteed/],
  ['v1.0.0', 'sha-0123456789ab', 'unknown', /no version/],
  ['sha-0123456789ab', 'v1.0.0', 'unknown', /no version/],
]

describe('the contract of upgrades', () => {
  it.each(table)('S4.4 S4.15: from "%s" to %s is %s', (from, to, outcome, says, declared = []) => {
    const judged = judgeUpgrade(from, to, declared)
    expect(judged).toMatchObject({ outcome, reason: expect.stringMatching(says) })
    expect(judged.instead === '').toBe(outcome === 'covered')
  })
})
