// The API as an OpenAPI 3.1 document: nothing is written by hand that the table of routes knows.
import { z } from 'zod'
import type { RouteSpec } from '#app/api/route-spec'
import { routes, routeSpec, type RouteName } from '#app/api/routes'
import { refusalCodes } from '#lib/platform/refusal'

type Json = Record<string, unknown>

/** What goes in and out as something other than JSON; http answers these itself. */
const media: Partial<Record<RouteName, { takes?: string; gives?: string }>> = {
  'POST /api/v1/tenants/{tenant}/applications/{application}/releases': { takes: 'application/java-archive' },
  'GET /api/v1/tenants/{tenant}/audit/export': { gives: 'application/jsonl' },
  'GET /api/v1/tenants/{tenant}/environments/{environment}/applications/{application}/replicas/{replica}/logs': { gives: 'text/plain' },
  'GET /api/v1/tenants/{tenant}/live-events': { gives: 'text/event-stream' },
}

let document: Json | undefined

/** The document, made once: operations by path, refusals by status (RFC 9457), inputs as JSON Schema 2020-12. */
export function openApiDocument(): Json {
  document ??= {
    openapi: '3.1.0',
    info: {
      title: 'Caisson',
      version: '1',
      summary: 'Seal a JAR once, raise the same digest from dev to prod under gates and approvals, prove what happened.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { cookie: [] }],
    tags: [...new Set(routeNames().map(tagOf))].sort().map((name) => ({ name })),
    paths: paths(),
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'The token of `POST /api/v1/sessions` (cst_…) or an API token (cat_…).' },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: 'next-auth.session-token',
          description: 'Of a signed-in browser; on https its name begins with `__Host-`. Writes need its Origin.',
        },
      },
      schemas: { Problem: problemSchema() },
      responses: problemResponses(),
    },
  }
  return document
}

function routeNames(): RouteName[] {
  return Object.keys(routes) as RouteName[]
}

function paths(): Json {
  const byPath: Record<string, Json> = {}
  for (const name of routeNames()) {
    const { method, path } = split(name)
    ;(byPath[path] ??= {})[method.toLowerCase()] = operation(name)
  }
  return byPath
}

function operation(name: RouteName): Json {
  const spec = routeSpec(name)
  const { method, path } = split(name)
  const { takes, gives } = media[name] ?? {}
  const schema = z.toJSONSchema(spec.input, { io: 'input' }) as { properties?: Record<string, Json>; required?: string[] }
  const properties = schema.properties ?? {}
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, key]) => key ?? '')
  const rest = Object.keys(properties).filter((key) => !inPath.includes(key))
  const isRequired = (key: string) => schema.required?.includes(key) ?? false
  // A raw body leaves the query for the fields, as GET and DELETE do.
  const isQuery = method === 'GET' || method === 'DELETE' || takes !== undefined
  return {
    operationId: operationId(name),
    tags: [tagOf(name)],
    summary: spec.summary,
    ...(spec.permission === 'public' ? { security: [] } : {}),
    'x-caisson-permission': spec.permission,
    parameters: [
      ...inPath.map((key) => ({ name: key, in: 'path', required: true, schema: properties[key] ?? { type: 'string' } })),
      ...(isQuery ? rest.map((key) => ({ name: key, in: 'query', required: isRequired(key), schema: properties[key] })) : []),
    ],
    ...requestBody(takes, isQuery ? [] : rest, properties, isRequired),
    responses: { [spec.status]: answer(spec, gives), ...refusalsOf(name, spec) },
  }
}

function requestBody(takes: string | undefined, fields: string[], properties: Record<string, Json>, isRequired: (key: string) => boolean): Json {
  if (takes !== undefined) {
    const form = { type: 'object', properties: { file: { type: 'string', contentMediaType: takes } }, required: ['file'] }
    return { requestBody: { required: true, content: { [takes]: {}, 'multipart/form-data': { schema: form } } } }
  }
  if (fields.length === 0) return {}
  const required = fields.filter(isRequired)
  const schema = {
    type: 'object',
    properties: Object.fromEntries(fields.map((key) => [key, properties[key]])),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  }
  return { requestBody: { required: required.length > 0, content: { 'application/json': { schema } } } }
}

function answer(spec: RouteSpec, gives: string | undefined): Json {
  if (spec.status === 204) return { description: 'Done.' }
  const schema = spec.output ? z.toJSONSchema(spec.output) : {}
  return { description: spec.summary, content: gives === undefined ? { 'application/json': { schema } } : { [gives]: {} } }
}

/** By the shape of the route: what it can meet. Every other status is the default problem. */
function refusalsOf(name: RouteName, spec: RouteSpec): Json {
  const { method, path } = split(name)
  const statuses = [400, 429]
  if (spec.permission !== 'public') statuses.push(401, 403)
  if (path.includes('{')) statuses.push(404, 410)
  if (method !== 'GET') statuses.push(409, 413)
  if (media[name]?.takes !== undefined) statuses.push(415, 422)
  const known = statuses.sort((left, right) => left - right).map((status) => [status, { $ref: `#/components/responses/Problem${status}` }])
  return { ...Object.fromEntries(known), default: { $ref: '#/components/responses/Problem' } }
}

function problemResponses(): Json {
  const statuses = [...new Set(Object.values(refusalCodes).map(({ status }) => status))]
  const byStatus = statuses.map((status) => {
    const codes = Object.entries(refusalCodes)
      .filter(([, refusal]) => refusal.status === status)
      .map(([code]) => code)
    return [`Problem${status}`, problem(`Refused: ${codes.join(', ')}`, codes)]
  })
  return { ...Object.fromEntries(byStatus), Problem: problem('Refused, or broken on the side of the server', undefined) }
}

function problem(description: string, codes: string[] | undefined): Json {
  const ref = { $ref: '#/components/schemas/Problem' }
  const schema = codes === undefined ? ref : { allOf: [ref, { type: 'object', properties: { code: { enum: codes } } }] }
  return { description, content: { 'application/problem+json': { schema } } }
}

function problemSchema(): Json {
  return {
    type: 'object',
    description: 'RFC 9457. `code` is from a closed table, `fix` says what to do; facts of the refusal stand beside them.',
    required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
    properties: {
      type: { type: 'string', description: '`urn:caisson:problem:` and the code' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string', description: 'One sentence: what happened and to which thing' },
      code: { type: 'string', enum: [...Object.keys(refusalCodes), 'fault'] },
      requestId: { type: 'string' },
      fix: { type: 'string', description: 'The one thing that would make it work' },
    },
    additionalProperties: true,
  }
}

function split(name: RouteName): { method: string; path: string } {
  const [method = '', path = ''] = name.split(' ')
  return { method, path }
}

/** The words of a path after the tenant, which every other route has. */
function segmentsOf(name: RouteName): string[] {
  const rest = split(name).path.replace(/^\/api\/v1\//, '')
  return rest.replace(/^tenants\/\{tenant\}\/(?=.)/, '').split('/')
}

function tagOf(name: RouteName): string {
  const [first = ''] = segmentsOf(name)
  return first === 'openapi.json' ? 'document' : first
}

/** `GET …/applications/{application}/releases/{release}` → `getApplicationsReleasesByRelease`. */
function operationId(name: RouteName): string {
  const segments = segmentsOf(name)
  const last = /^\{(\w+)\}$/.exec(segments.at(-1) ?? '')?.[1]
  const words = segments.filter((segment) => !segment.startsWith('{')).flatMap((segment) => segment.split(/[^a-z0-9]/))
  const capital = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1)
  return `${split(name).method.toLowerCase()}${words.map(capital).join('')}${last === undefined ? '' : `By${capital(last)}`}`
}
