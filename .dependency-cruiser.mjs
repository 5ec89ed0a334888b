// The direction of imports (docs/architecture.md). A room of lib/ imports only rooms above it in this list.
const rooms = [
  'platform',
  'audit',
  'access',
  'tenants',
  'oci',
  'registry',
  'builder',
  'advisories',
  'releases',
  'configuration',
  'runtime',
  'readiness',
  'evidence',
  'operations',
  'promotions',
  'rollouts',
  'kits',
  'live',
  'notifications',
]

const test = String.raw`\.test\.tsx?$`

// Rooms that are engines rather than nouns: their top files do I/O and are no part of what a browser loads.
const engines = ['platform', 'audit', 'registry', 'runtime', 'live']
const nouns = rooms.filter((room) => !engines.includes(room))

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'lib-below-doors', severity: 'error', from: { path: '^lib/', pathNot: test }, to: { path: '^(app|components|bin|e2e)/' } },
    ...rooms.map((room, index) => ({
      name: `room-${room}-looks-up-only`,
      severity: 'error',
      from: { path: `^lib/${room}/`, pathNot: test },
      to: { path: `^lib/(${rooms.slice(index + 1).join('|') || 'none'})/` },
    })),
    {
      name: 'top-files-are-pure',
      comment: 'A page may load them: no commands, queries, internals, drivers, and of platform only refusals, actors and canonical JSON.',
      severity: 'error',
      from: { path: `^lib/(${nouns.join('|')})/[^/]+\\.ts$`, pathNot: `${test}|/jobs\\.ts$|^lib/access/identify\\.ts$` },
      to: {
        path: '^lib/([^/]+/(commands|queries|internal|drivers)/|platform/)',
        pathNot: String.raw`^lib/platform/(refusal|canonical-json|id|actor)\.ts$`,
      },
    },
    {
      name: 'components-are-views',
      severity: 'error',
      from: { path: '^components/' },
      to: { path: '^lib/([^/]+/(commands|queries|internal|drivers)/|platform/)', pathNot: String.raw`^lib/platform/(refusal|actor)\.ts$` },
    },
    {
      name: 'one-database-client',
      severity: 'error',
      from: { path: '^(app|components|bin|e2e)/', pathNot: `${test}|^bin/(up|worker|http|gateway|caisson)` },
      to: { path: '^lib/platform/(database|generated)' },
    },
    ...rooms.map((room) => ({
      name: `internal-of-${room}`,
      severity: 'error',
      from: { pathNot: `^lib/${room}/` },
      to: { path: `^lib/${room}/internal/` },
    })),
    {
      name: 'drivers-by-the-port',
      severity: 'error',
      from: { pathNot: `^lib/runtime/drivers(/|\\.ts$)|${test}` },
      to: { path: '^lib/runtime/drivers/' },
    },
    {
      name: 'secrets-only-into-a-runtime',
      comment: 'A value leaves only into the runtime that it is for.',
      severity: 'error',
      from: { pathNot: `^lib/runtime/internal/|${test}` },
      to: { path: '^lib/configuration/queries/open-secrets' },
    },
    {
      name: 'tests-only',
      severity: 'error',
      from: { pathNot: `${test}|^lib/testing/|^e2e/|^bench/|^vitest|^playwright` },
      to: { path: `^lib/testing/|${test}` },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.next|node_modules|lib/platform/generated)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs'], conditionNames: ['import', 'node', 'default'] },
  },
}
