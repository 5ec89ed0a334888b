// Every route with the permission it asks for: the doors open by it, the API document is made from it, and a test fails
// for a route file that is not in it.
import type { RouteSpec } from '#app/api/route-spec'

export const routes = {} as const

export type RouteName = keyof typeof routes

export function routeSpec(name: RouteName): RouteSpec {
  return routes[name]
}
