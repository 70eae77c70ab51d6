import { defineConfig } from 'vitest/config'

const shared = {
  resolve: { conditions: ['serflow-source'] },
  ssr: { resolve: { conditions: ['serflow-source'], externalConditions: ['serflow-source'] } },
}

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        ...shared,
        test: {
          name: 'packages',
          include: ['packages/*/src/**/*.test.ts', 'pipelines/src/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        // These run the command itself, so it is built before; the tests of a package need no build.
        ...shared,
        test: {
          name: 'end-to-end',
          include: ['tests/**/*.test.ts'],
          globalSetup: ['tests/build.setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
