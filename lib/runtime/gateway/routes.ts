/** One stable address and who answers behind it. */
export interface GatewayRoute {
  /** On 127.0.0.1. */
  port: number
  tenant: string
  environment: string
  application: string
  replicas: GatewayReplica[]
}

export interface GatewayReplica {
  id: string
  /** host:port */
  address: string
}

export const gatewayHost = '127.0.0.1'
/** PostgreSQL's channel that says: look again. */
export const routesChannel = 'caisson_routes'
/** Where stable addresses are: below what the kernel gives to outgoing connections, and apart from replicas. */
export const gatewayPorts = { first: 18_000, count: 2000 } as const
