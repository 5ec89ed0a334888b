import type { Command } from 'commander'
import { connect, type Api } from '#bin/cli/api'

export interface CommonOptions {
  json?: boolean
  tenant?: string
  url?: string
}

/** Completes a command that works over the API: the options that all of them have, and the connection handed to the act. */
export function overApi<Args extends unknown[]>(command: Command, act: (api: Api, ...args: Args) => Promise<void>): Command {
  return command
    .option('--json', 'print the answer of the API as JSON')
    .option('--tenant <slug>', 'the tenant; else CAISSON_TENANT, `tenant use`, or the only one')
    .option('--url <url>', 'the server; else CAISSON_URL, the one of `login`, or http://localhost:3000')
    .action(async (...given: unknown[]) => {
      const args = given.slice(0, -1) as Args // commander adds the command itself
      await act(connect(args.at(-1) as CommonOptions), ...args)
    })
}
