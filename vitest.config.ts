import { defineConfig } from 'vitest/config';

/** Where CI wants a report as JSON, beside what is shown. */
const report = process.env.RELUP_TEST_REPORT;

export default defineConfig({
  test: {
    maxWorkers: 2,
    ...(report === undefined ? {} : { reporters: ['default', ['json', { outputFile: report }]] }),
    projects: [
      {
        test: {
          name: 'unit',
          // First, with their result at once.
          sequence: { groupOrder: 0 },
          setupFiles: ['__tests__/support/quiet-output.ts'],
          include: ['__tests__/**/*.test.ts'],
          exclude: ['__tests__/**/*.{itg,run,web,node,act,scn,flt,wld}.test.ts'],
          environment: 'node',
          // Ends what hangs; thousands of random cases take their time on a busy machine.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'itg',
          sequence: { groupOrder: 1 },
          setupFiles: ['__tests__/support/quiet-output.ts'],
          globalSetup: ['__tests__/support/build-bundle.ts'],
          include: ['__tests__/**/*.itg.test.ts'],
          environment: 'node',
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        // Not part of `npm test`: whole runs of the action, each with its builds (npm run test:runs).
        test: {
          name: 'runs',
          globalSetup: ['__tests__/support/build-bundle.ts'],
          setupFiles: ['__tests__/support/quiet-output.ts'],
          include: ['__tests__/**/*.run.test.ts'],
          environment: 'node',
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        // Not part of `npm test`: needs Chromium, which scripts/browser/install brings (npm run test:browser).
        test: {
          name: 'browser',
          include: ['__tests__/**/*.web.test.ts'],
          environment: 'node',
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        // Not part of `npm test`: rehearsals, deploys and what else starts real nodes (npm run test:nodes).
        test: {
          name: 'nodes',
          globalSetup: ['__tests__/support/build-bundle.ts'],
          setupFiles: ['__tests__/support/quiet-output.ts'],
          include: ['__tests__/**/*.node.test.ts'],
          environment: 'node',
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        // Not part of `npm test`: the scenario corpus (npm run test:scenarios).
        test: {
          name: 'scenarios',
          include: ['__tests__/scenarios/*.scn.test.ts'],
          environment: 'node',
          testTimeout: 600_000,
          hookTimeout: 300_000,
          // Nodes that boot and stop leave a third of two cores idle.
          maxConcurrency: 3,
        },
      },
      {
        // Not part of `npm test`: real libraries at two real versions (npm run test:world).
        test: {
          name: 'world',
          globalSetup: ['__tests__/support/build-bundle.ts'],
          setupFiles: ['__tests__/faults/support/quiet.ts'],
          include: ['__tests__/world/*.wld.test.ts'],
          environment: 'node',
          testTimeout: 900_000,
          hookTimeout: 180_000,
          maxConcurrency: 2,
        },
      },
      {
        // Not part of `npm test`: deploys with something going wrong (npm run test:faults).
        test: {
          name: 'faults',
          globalSetup: ['__tests__/faults/support/setup.ts'],
          setupFiles: ['__tests__/faults/support/quiet.ts'],
          include: ['__tests__/faults/*.flt.test.ts'],
          environment: 'node',
          testTimeout: 180_000,
          hookTimeout: 300_000,
          // Two in each of two files: one that waits for a minute leaves the cores to the others.
          maxConcurrency: 2,
        },
      },
      {
        // Not part of `npm test`: needs act, which scripts/workflow-tools installs.
        test: {
          name: 'workflows',
          globalSetup: ['__tests__/support/build-bundle.ts'],
          include: ['__tests__/**/*.act.test.ts'],
          environment: 'node',
          testTimeout: 400_000,
          hookTimeout: 400_000,
        },
      },
    ],
  },
});
