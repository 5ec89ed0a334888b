import { Refusal } from '#lib/platform/refusal'
import type { Settings } from '#lib/platform/settings'

/** What only a development machine may turn on, with what to do instead. */
const developmentSwitches = {
  CAISSON_ALLOW_PROCESS_RUNTIME: 'Listen on 127.0.0.1 behind a proxy that speaks TLS.',
  CAISSON_WEBHOOKS_TO_LOOPBACK: 'Send webhooks to an address that is reached over https.',
} as const satisfies Partial<Record<keyof Settings, string>>

/** Before anything is made: settings with which Caisson must not start (S3.24). */
export function refuseUnsafe(settings: Settings): void {
  if (settings.CAISSON_MODE === 'production') {
    for (const [name, fix] of Object.entries(developmentSwitches)) {
      if (!settings[name as keyof typeof developmentSwitches]) continue
      throw new Refusal('forbidden', `${name} is for development, and CAISSON_MODE is production.`, { fix: `Take it away. ${fix}` })
    }
  }
  const isLoopback = ['127.0.0.1', '::1', 'localhost'].includes(settings.HOST)
  if (!isLoopback && !settings.CAISSON_ALLOW_PROCESS_RUNTIME) {
    const instead =
      settings.CAISSON_MODE === 'production'
        ? developmentSwitches.CAISSON_ALLOW_PROCESS_RUNTIME
        : 'Listen on 127.0.0.1, or set CAISSON_ALLOW_PROCESS_RUNTIME=true if everyone who can reach it is trusted.'
    throw new Refusal('forbidden', `HOST=${settings.HOST} is open to other machines, and uploaded JARs would run as processes of this one.`, {
      fix: instead,
    })
  }
}
