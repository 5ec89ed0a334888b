import { describe, expect, it } from 'vitest'
import { openApiDocument } from '#app/api/openapi'
import { routes } from '#app/api/routes'
import { GET } from '#app/api/v1/openapi.json/route'
import { refusalCodes } from '#lib/platform/refusal'

interface Operation {
  operationId: string
  tags: string[]
  summary: string
  security?: unknown[]
  parameters: { name: string; in: string; required: boolean; schema: unknown }[]
  requestBody?: { content: Record<string, { schema?: { properties: Record<string, unknown> } }> }
  responses: Record<string, { description?: string; $ref?: string }>
}

interface Document {
  openapi: string
  info: { title: string; version: string }
  tags: { name: string }[]
  paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, unknown>>
}

const document = JSON.parse(JSON.stringify(openApiDocument())) as Document
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, path, operation })),
)

/** Every object in the document, with where it stands. */
function* objectsIn(value: unknown, at = '#'): Generator<[string, Record<string, unknown>]> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield [at, value as Record<string, unknown>]
  for (const [key, inner] of Object.entries(value)) yield* objectsIn(inner, `${at}/${key}`)
}

describe('the API document', () => {
  it('is answered to anybody', async () => {
    const answer = await GET(new Request('http://caisson.test/api/v1/openapi.json'), { params: Promise.resolve({}) })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual(document)
  })

  it('has every route of the table and no other', () => {
    expect(document.openapi).toBe('3.1.0')
    expect(operations.map(({ name }) => name).toSorted()).toEqual(Object.keys(routes).toSorted())
  })

  it('names each operation once, with a tag that is listed, a summary and a described answer', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
    expect(ids.filter((id) => !/^[a-z][A-Za-z0-9]+$/.test(id))).toEqual([])
    const tags = document.tags.map(({ name }) => name)
    for (const { operation } of operations) {
      expect(operation.tags.filter((tag) => !tags.includes(tag))).toEqual([])
      expect(operation.summary).not.toBe('')
      expect(Object.values(operation.responses).every(({ description, $ref }) => description !== undefined || $ref !== undefined)).toBe(true)
    }
  })

  it('declares exactly the parameters that a path names, and no parameter twice', () => {
    const wrong = operations.filter(({ path, operation }) => {
      const inPath = operation.parameters.filter(({ in: where }) => where === 'path')
      const isWhole = inPath.map((one) => `{${one.name}}`).join() === [...path.matchAll(/\{\w+\}/g)].join()
      const isUnique = new Set(operation.parameters.map((one) => one.name)).size === operation.parameters.length
      return !isWhole || !isUnique || !inPath.every(({ required }) => required)
    })
    expect(wrong.map(({ name }) => name)).toEqual([])
  })

  it('has every field of every input, in path, query or body, with a schema of its own', () => {
    const missing = operations.flatMap(({ name, operation }) => {
      const body = operation.requestBody?.content['application/json']?.schema?.properties ?? {}
      const described = new Map([...operation.parameters.map((one) => [one.name, one.schema] as const), ...Object.entries(body)])
      const fields = Object.keys(routes[name as keyof typeof routes].input.shape)
      return fields.filter((field) => Object.keys(described.get(field) ?? {}).length === 0).map((field) => `${name}: ${field}`)
    })
    expect(missing).toEqual([])
  })

  it('has refs that resolve, and nothing else', () => {
    const broken = [...objectsIn(document)].filter(([, object]) => {
      if (typeof object['$ref'] !== 'string') return false
      const [root, ...steps] = object['$ref'].split('/')
      let target: unknown = root === '#' ? document : undefined
      for (const step of steps) target = (target as Record<string, unknown> | undefined)?.[step]
      return target === undefined
    })
    expect(broken.map(([at]) => at)).toEqual([])
  })

  it('says every code that a refusal may have', () => {
    const said = JSON.stringify(document.components['responses'])
    expect(Object.keys(refusalCodes).filter((code) => !said.includes(`"${code}"`))).toEqual([])
  })

  it('asks for a bearer or a cookie everywhere but where anybody may come', () => {
    const open = operations.filter(({ operation }) => operation.security?.length === 0).map(({ name }) => name)
    expect(open.toSorted()).toEqual(
      Object.entries(routes)
        .filter(([, { permission }]) => permission === 'public')
        .map(([name]) => name)
        .toSorted(),
    )
  })
})
