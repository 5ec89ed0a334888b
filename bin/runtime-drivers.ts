// The runtimes of this installation, by the kind that an environment names.
import { Refusal } from '#lib/platform/refusal'
import type { RuntimeDriver } from '#lib/runtime/driver'

const drivers = new Map<string, RuntimeDriver>()

/** `runtime_unavailable` for a kind that this installation does not have. */
export function driverFor(runtimeKind: string): RuntimeDriver {
  const driver = drivers.get(runtimeKind)
  if (driver) return driver
  throw new Refusal('runtime_unavailable', `This installation has no driver for the runtime ${runtimeKind}.`, {
    fix: 'Choose another runtime for the environment.',
  })
}
