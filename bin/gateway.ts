// The stable addresses of what is deployed: a reverse proxy that goes on while the database is away.
import { endWithParent } from '#bin/end-with-parent'
import { closeDatabase } from '#lib/platform/database'
import { log } from '#lib/platform/log'
import { startControl } from '#lib/runtime/gateway/control'
import { Gateway } from '#lib/runtime/gateway/gateway'
import { watchRoutes } from '#lib/runtime/gateway/watch-routes'

const stopping = new AbortController()
const gateway = new Gateway()
process.once('SIGTERM', () => stopping.abort())
process.once('SIGINT', () => stopping.abort())
endWithParent()

const watching = watchRoutes((routes) => gateway.take(routes), stopping.signal)
const control = await startControl(gateway)
process.send?.({ ready: true })
log.info('gateway runs')
await watching
control.close()
await gateway.close()
await closeDatabase()
process.exit(0)
