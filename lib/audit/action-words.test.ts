import { describe, expect, it } from 'vitest'
import { routes } from '#app/api/routes'
import { actionWords } from '#lib/audit/action-words'

describe('an action of the log in words', () => {
  it('says a refused route as what was tried', () => {
    expect(actionWords('POST /api/v1/tenants/{tenant}/promotions')).toBe('request a promotion')
    expect(actionWords('POST /api/v1/tenants/{tenant}/promotions/{promotion}/approvals')).toBe('approve a promotion')
    expect(actionWords('POST /api/v1/tenants/{tenant}/freezes/{freeze}/skips/withdrawals')).toBe('withdraw a skip')
    expect(actionWords('POST /api/v1/tenants/{tenant}/tokens')).toBe('make a token')
    expect(actionWords('PUT /api/v1/tenants/{tenant}/policies/{environment}')).toBe('set a policy')
    expect(actionWords('DELETE /api/v1/tenants/{tenant}/members/{member}')).toBe('remove a member')
    expect(actionWords('GET /api/v1/tenants/{tenant}/audit/entries')).toBe('read entries of the audit')
  })

  it('says every other act as the words of its name, or as what it is', () => {
    expect(actionWords('promotion.requested')).toBe('promotion requested')
    expect(actionWords('freeze.skip_withdrawn')).toBe('freeze skip withdrawn')
    expect(actionWords('deployment.raised')).toBe('lost replicas started again')
    expect(actionWords('registry.put')).toBe('push to the registry')
  })

  it('shows no route and no dots', () => {
    const words = Object.keys(routes).map(actionWords)
    expect(words.filter((one) => /[/{}]/.test(one))).toEqual([])
  })

  it('leaves what is not one of these as it is', () => {
    expect(actionWords('Something else, entirely.')).toBe('Something else, entirely.')
  })
})
