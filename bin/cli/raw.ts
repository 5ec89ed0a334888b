// api: any route of the API, for what has no command of its own.
import type { Command } from 'commander'
import { overApi, type CommonOptions } from '#bin/cli/over-api'
import type { Fields, Method } from '#bin/cli/api'
import { say } from '#bin/cli/print'
import { Refusal } from '#lib/platform/refusal'

const methods: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

export function addRaw(program: Command): void {
  overApi(
    program
      .command('api')
      .argument('<method>', methods.join(', '))
      .argument('<path>', 'below /api/v1; {tenant} is filled in')
      .argument('[json]', 'the fields: a query for GET and DELETE, else the body')
      .description('call any route of the API; see GET /openapi.json')
      .addHelpText(
        'after',
        `
  $ caisson api GET '/tenants/{tenant}/environments'
  $ caisson api PUT '/tenants/{tenant}/applications/orders/components/app/spec' '{"spec":{"memoryMiB":1024}}'
  $ caisson api GET /openapi.json > caisson.openapi.json`,
      ),
    async (api, method: string, route: string, json: string | undefined, _options: CommonOptions) => {
      const verb = method.toUpperCase()
      if (!methods.includes(verb)) throw new Refusal('invalid_input', `There is no method ${method}.`, { fix: `Use one of ${methods.join(', ')}.` })
      const below = route.replace(/^\/?(api\/v1\/)?/, '/')
      const response = await api.fetch(verb as Method, below, json === undefined ? {} : fieldsOf(json))
      const text = await response.text()
      if (text !== '') say(pretty(text))
    },
  )
}

function fieldsOf(json: string): Fields {
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  } catch {
    // Said below, in the same words.
  }
  throw new Refusal('invalid_input', 'The fields are not one JSON object.', { fix: `Write them as '{"name":"value"}'.` })
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text.trimEnd()
  }
}
