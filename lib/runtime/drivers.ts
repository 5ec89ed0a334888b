// The runtimes of this installation, by the kind that an environment names. Nobody else imports a driver.
import { Refusal } from '#lib/platform/refusal'
import type { RuntimeDriver } from '#lib/runtime/driver'
import { hostFacts } from '#lib/runtime/drivers/process/host-facts'
import { ProcessDriver } from '#lib/runtime/drivers/process/process-driver'
import { pruneImageFolders } from '#lib/runtime/drivers/process/prune-images'
import { stopAllProcesses } from '#lib/runtime/drivers/process/stop-all-replicas'
import { registryImages } from '#lib/runtime/internal/registry-images'
import type { HostFacts } from '#lib/runtime/runtime-facts'
import { sealedSecrets } from '#lib/runtime/internal/sealed-secrets'

const drivers = new Map<string, RuntimeDriver>([['process', new ProcessDriver(registryImages, sealedSecrets)]])

/** `runtime_unavailable` for a kind that this installation does not have. */
export function driverFor(runtimeKind: string): RuntimeDriver {
  const driver = drivers.get(runtimeKind)
  if (driver) return driver
  throw new Refusal('runtime_unavailable', `This installation has no driver for the runtime ${runtimeKind}.`, {
    fix: 'Choose another runtime for the environment.',
  })
}

/** What this machine has for the process runtime, as it is now. */
export function processFacts(): Promise<HostFacts> {
  return hostFacts()
}

/** Removes unpacked images of this machine that are not among these digests and that nothing here runs. Returns their names. */
export function pruneUnpackedImages(needed: ReadonlySet<string>): Promise<string[]> {
  return pruneImageFolders(needed)
}

/** For a clean stop of `caisson up`: what lives only as long as this machine wants it to ends in order. Returns how many replicas ended. */
export function stopAllReplicas(): Promise<number> {
  return stopAllProcesses()
}
