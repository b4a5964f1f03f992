// Prints which tests failed and why, and how many passed and failed, from Vitest's JSON reports: node scripts/test-results.mjs REPORT…
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** Lines of a failure: what was expected, what came and where; the whole of it stands in the log. */
const LINES = 25;

const reports = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, 'utf8')));
const files = reports.flatMap(({ testResults }) => testResults);
const failures = files.flatMap(({ name, status, message, assertionResults }) => {
  const file = relative(process.cwd(), name);
  const failed = assertionResults
    .filter((test) => test.status === 'failed')
    .map(({ fullName, failureMessages }) => `${file}: ${fullName}\n${shortened(failureMessages.join('\n'))}`);
  // A file that could not be loaded, or whose setup failed, has no failed test to name.
  return status === 'failed' && failed.length === 0 ? [`${file}\n${shortened(message)}`] : failed;
});
const sum = (count) => reports.reduce((total, report) => total + count(report), 0);
const skipped = sum(({ numPendingTests, numTodoTests }) => numPendingTests + numTodoTests);

for (const failure of failures) console.log(`FAILED ${failure}\n`);
if (skipped > 0) console.log(`(${skipped} skipped)`);
console.log(`${sum(({ numPassedTests }) => numPassedTests)} passed, ${failures.length} failed`);

function shortened(text) {
  const lines = text.split('\n');
  return [...lines.slice(0, LINES), ...(lines.length > LINES ? ['…'] : [])]
    .map((line) => `   ${line}`)
    .join('\n');
}
