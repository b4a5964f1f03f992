// Prints how many tests passed and failed, from Vitest's JSON reports: node scripts/test-counts.mjs REPORT…
import { readFileSync } from 'node:fs';

const reports = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
// A file that could not be loaded, or whose setup failed, has no failed test to count.
const broken = reports
  .flatMap(({ testResults }) => testResults)
  .filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
const sum = (count) => reports.reduce((total, report) => total + count(report), 0);
const skipped = sum(({ numPendingTests, numTodoTests }) => numPendingTests + numTodoTests);
if (skipped > 0) console.log(`(${skipped} skipped)`);
const failed = sum(({ numFailedTests }) => numFailedTests) + broken.length;
console.log(`${sum(({ numPassedTests }) => numPassedTests)} passed, ${failed} failed`);
