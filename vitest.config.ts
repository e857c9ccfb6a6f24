import { defineConfig } from 'vitest/config'

// Everything the tests talk to is real and on loopback: Redis, UDP, TCP, HTTP, SQLite. Each file makes its own.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globals: false,
    pool: 'forks',
    testTimeout: 20_000,
    hookTimeout: 60_000,
    reporters: ['default'],
  },
})
