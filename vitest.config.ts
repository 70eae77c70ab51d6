import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['serflow-source'] },
  ssr: { resolve: { conditions: ['serflow-source'], externalConditions: ['serflow-source'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'pipelines/src/**/*.test.ts', 'tests/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})
