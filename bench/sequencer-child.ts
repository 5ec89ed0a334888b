// The sequencer in a process of its own, as a worker runs it.
import { startSequencer } from '#lib/audit/commands/start-sequencer'
import { closeDatabase } from '#lib/platform/database'

const stopping = new AbortController()
process.once('SIGTERM', () => stopping.abort())
await startSequencer({ signal: stopping.signal })
await closeDatabase()
