import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{lib,app,bin,e2e}/**/*.parts.test.ts'],
    globalSetup: ['./lib/testing/server.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: ['default', 'json'],
    outputFile: { json: 'test-results/parts.json' },
  },
})
