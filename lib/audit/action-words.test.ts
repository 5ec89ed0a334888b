import { describe, expect, it } from 'vitest'
import { actionWords } from '#lib/audit/action-words'

describe('an action of the log in words', () => {
  it('says a refused route as what was tried', () => {
    expect(actionWords('POST /api/v1/tenants/{tenant}/promotions')).toBe('make a promotion')
    expect(actionWords('POST /api/v1/tenants/{tenant}/promotions/{promotion}/approvals')).toBe('make an approval of a promotion')
    expect(actionWords('PUT /api/v1/tenants/{tenant}/policies/{environment}')).toBe('set a policy')
    expect(actionWords('DELETE /api/v1/tenants/{tenant}/members/{member}')).toBe('remove a member')
    expect(actionWords('GET /api/v1/tenants/{tenant}/audit/entries')).toBe('read entries of the audit')
  })

  it('leaves every other action as it is', () => {
    expect(actionWords('promotion.requested')).toBe('promotion.requested')
  })
})
