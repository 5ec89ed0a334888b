// The routes that http answers itself, by the same table, door steps and refusals as the ones that Next answers.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { admit, demandSoundAddress, enter, refuse, refuseForeignOrigin } from '#app/api/door'
import { routeSpec, routes, type RouteName } from '#app/api/routes'
import { headersOf, send } from '#bin/http/node-request'
import { identify } from '#lib/access/identify'
import { createContext, type Context, type TenantContext } from '#lib/platform/context'
import { newId } from '#lib/platform/id'
import { isRefusal } from '#lib/platform/refusal'

/**
 * Answers through `response` itself (a stream) or with a web response. `demandStanding` refuses when the caller, asked anew,
 * would not be let in any more: for whoever did something long since.
 */
export type OwnHandler = (
  ctx: TenantContext,
  request: IncomingMessage,
  params: Record<string, string>,
  query: URLSearchParams,
  response: ServerResponse,
  demandStanding: () => Promise<void>,
) => Promise<Response | void>

export type OwnRoutes = Partial<Record<RouteName, OwnHandler>>

interface Compiled {
  name: RouteName
  method: string
  pattern: RegExp
  keys: string[]
  handler: OwnHandler
}

/** An open stream ends within this time when its caller's session, token, membership or account does (S-09). */
const askAgainMs = 10_000

/** A function that answers a request when one of these routes is meant, and says whether it did. */
export function ownRoutes(
  handlers: OwnRoutes,
  againMs = askAgainMs,
): (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<boolean> {
  const compiled = Object.entries(handlers).map(([name, handler]) => compile(name as RouteName, handler))
  return async (request, response, url) => {
    for (const route of compiled) {
      const match = request.method === route.method ? route.pattern.exec(url.pathname) : null
      if (!match) continue
      const params = Object.fromEntries(route.keys.map((key, index) => [key, decodeURIComponent(match[index + 1] ?? '')]))
      await answer(route, request, response, params, url.searchParams, againMs)
      return true
    }
    return false
  }
}

/** Every row of the table that http must serve has a handler; a missing one is a fault of the build. */
export function unservedRoutes(handlers: OwnRoutes): string[] {
  return Object.keys(routes).filter((name) => routeSpec(name as RouteName).servedBy === 'http' && !Object.hasOwn(handlers, name))
}

function compile(name: RouteName, handler: OwnHandler): Compiled {
  const [method = '', path = ''] = name.split(' ')
  const keys: string[] = []
  const pattern = path.replace(/\{(\w+)\}/g, (_, key: string) => {
    keys.push(key)
    return '([^/]+)'
  })
  return { name, method, pattern: new RegExp(`^${pattern}$`), keys, handler }
}

async function answer(
  route: Compiled,
  request: IncomingMessage,
  response: ServerResponse,
  params: Record<string, string>,
  query: URLSearchParams,
  againMs: number,
): Promise<void> {
  const requestId = newId()
  const headers = headersOf(request)
  let ctx: Context = createContext({ actor: { kind: 'anonymous' }, requestId })
  const demandStanding = async (): Promise<void> =>
    admit(enter(route.name, await identify(headers), params, requestId), routeSpec(route.name).permission)
  const watch = setInterval(() => void endUnlessStanding(response, demandStanding), againMs)
  try {
    const identity = await identify(headers)
    if (identity) ctx = createContext({ actor: identity.actorIn(null), tenant: identity.homeTenant, requestId })
    refuseForeignOrigin(route.method, headers, identity)
    demandSoundAddress(params)
    ctx = enter(route.name, identity, params, requestId)
    admit(ctx, routeSpec(route.name).permission)
    const result = await route.handler(ctx as TenantContext, request, params, query, response, demandStanding)
    if (result) await send(response, result)
  } catch (error) {
    if (response.headersSent) {
      response.destroy()
      return
    }
    const problem = await refuse(error, ctx, route.name, params, requestId)
    // The rest of a refused body is not worth reading.
    if (!request.complete) problem.headers.set('connection', 'close')
    await send(response, problem)
    if (!request.complete) request.resume().setTimeout(2000, () => request.destroy())
  } finally {
    clearInterval(watch)
  }
}

/** Ends a stream whose caller is nobody here any more. A database that does not answer says nothing about them. */
async function endUnlessStanding(response: ServerResponse, demandStanding: () => Promise<void>): Promise<void> {
  if (!response.headersSent) return
  try {
    await demandStanding()
  } catch (error) {
    if (isRefusal(error) && error.code !== 'unavailable') response.destroy()
  }
}
