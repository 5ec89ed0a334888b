import type { z } from 'zod'
import type { PlatformVerb, Verb } from '#lib/access/permissions'

/**
 * What a route asks of its caller before anything is read. `public` and `signed_in` name themselves; a verb is one of the
 * tenant's, and the command behind the route asks it again with the thing at hand.
 */
export type RoutePermission = 'public' | 'signed_in' | Verb | `platform:${PlatformVerb}`

export interface RouteSpec {
  permission: RoutePermission
  /** One line for the API document. */
  summary: string
  /** Path parameters but `tenant`, with query (GET, DELETE) or JSON body (else), as one strict object. */
  input: z.ZodObject
  /** What is answered, for the API document. */
  output?: z.ZodType
  /** Status when it goes well. */
  status: 200 | 201 | 202 | 204
  /** Answered by bin/http itself, before Next sees it: streams in and out. */
  servedBy?: 'http'
}

/** `METHOD /api/v1/path/{parameter}` → spec. */
export type RouteTable = Record<`${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /api/v1/${string}`, RouteSpec>
