import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{lib,app,bin,scripts,components}/**/*.test.{ts,tsx}'],
    exclude: ['**/*.parts.test.ts', 'node_modules/**'],
    globalSetup: ['./lib/testing/server.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Limits for a test that hangs, on a machine that is busy; nothing is asserted of time.
    testTimeout: 240_000,
    hookTimeout: 400_000,
    reporters: process.env['CI'] ? ['default', 'json'] : ['default'],
    outputFile: { json: 'test-results/unit.json' },
  },
})
