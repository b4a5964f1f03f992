// Prints how many tests passed and failed, from Vitest's JSON report: node scripts/test-counts.mjs REPORT
import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
// A file that could not be loaded, or whose setup failed, has no failed test to count.
const broken = report.testResults.filter(
  ({ status, assertionResults }) =>
    status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
);
const skipped = report.numPendingTests + report.numTodoTests;
if (skipped > 0) console.log(`(${skipped} skipped)`);
console.log(`${report.numPassedTests} passed, ${report.numFailedTests + broken.length} failed`);
