import pino from 'pino'

/** One JSON line an event on stderr; stdout belongs to what a command answers. */
export const log = pino(
  { level: process.env['LOG_LEVEL'] ?? (process.env['VITEST'] ? 'error' : 'info'), base: { service: process.env['CAISSON_SERVICE'] ?? 'caisson' } },
  pino.destination({ dest: 2, sync: true }),
)
