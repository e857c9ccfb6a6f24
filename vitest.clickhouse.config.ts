import { defineConfig } from 'vitest/config'

// The tests that need ClickHouse's own engine: scripts/test-clickhouse installs it, and runs them. The other run never sees them.
export default defineConfig({
  test: {
    include: ['test/clickhouse/**/*.suite.ts'],
    globals: false,
    pool: 'forks',
    // Each file loads an engine of half a gigabyte.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default'],
  },
})
