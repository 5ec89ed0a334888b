import { afterEach, describe, expect, it, vi } from 'vitest'
import { apiGet, apiSend, Problem, problemOf } from '#components/api'

afterEach(() => vi.unstubAllGlobals())

function answers(response: () => Response | Promise<Response>): ReturnType<typeof vi.fn> {
  const fetch = vi.fn(async (_url: string, _init?: RequestInit) => response())
  vi.stubGlobal('fetch', fetch)
  return fetch
}

async function problem(act: Promise<unknown>): Promise<Problem> {
  const error = await act.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(Problem)
  return error as Problem
}

describe('the client of the API', () => {
  it('leaves out what is not asked for, and escapes what is', async () => {
    const fetch = answers(() => Response.json({ hits: [] }))
    await apiGet('/tenants/acme/search', { q: 'a&b c', cursor: undefined, kind: '', mine: false })
    expect(fetch.mock.calls[0]?.[0]).toBe('/api/v1/tenants/acme/search?q=a%26b+c&mine=false')
  })

  it('sends JSON, and nothing as nothing', async () => {
    const fetch = answers(() => new Response(null, { status: 204 }))
    expect(await apiSend('DELETE', '/sessions/current')).toBeUndefined()
    await apiSend('POST', '/tenants', { slug: 'acme' })
    expect(fetch.mock.calls.map(([, init]) => [init?.method, init?.body])).toEqual([
      ['DELETE', undefined],
      ['POST', '{"slug":"acme"}'],
    ])
  })

  it('throws a refusal with its words, its fix, the wrong fields and the facts beside them', async () => {
    const body = {
      type: 'urn:caisson:problem:invalid_input',
      title: 'invalid input',
      status: 400,
      detail: 'This cannot be understood.',
      code: 'invalid_input',
    }
    answers(() =>
      Response.json(
        { ...body, fix: 'Correct it.', requestId: 'r1', errors: [{ field: 'slug', message: 'is taken' }, 7], gates: [1] },
        { status: 400 },
      ),
    )
    const thrown = await problem(apiSend('POST', '/tenants', {}))
    expect(thrown).toMatchObject({ status: 400, code: 'invalid_input', detail: 'This cannot be understood.', fix: 'Correct it.', requestId: 'r1' })
    expect(thrown.field('slug')).toBe('is taken')
    expect(thrown.field('name')).toBeUndefined()
    expect(thrown.extensions).toEqual({ gates: [1] })
  })

  it.each([
    ['a page of a proxy', new Response('<h1>Bad gateway</h1>', { status: 502 })],
    ['JSON that is no problem', Response.json([1], { status: 500 })],
    ['nothing', new Response(null, { status: 503 })],
  ])('has words for %s', async (_what, response) => {
    expect(await problemOf(response)).toMatchObject({ code: 'unreadable', status: response.status, fix: expect.any(String) })
  })

  it('has words for a good answer that cannot be read', async () => {
    answers(() => new Response('{"a":', { status: 200 }))
    expect(await problem(apiGet('/me'))).toMatchObject({ code: 'unreadable' })
  })

  it('tells no answer at all from a question that the page withdrew', async () => {
    answers(() => Promise.reject(new TypeError('fetch failed')))
    expect(await problem(apiGet('/me'))).toMatchObject({ code: 'network', status: 0 })
    const withdrawn = AbortSignal.abort()
    await expect(apiGet('/me', {}, withdrawn)).rejects.not.toBeInstanceOf(Problem)
  })
})
