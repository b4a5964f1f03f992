// docs/world.md: what became of each pair, from the report of a run.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';

const FILE = fileURLToPath(new URL('../../docs/world.md', import.meta.url));

/** @param report a text of JSON, one outcome a line */
export async function writeTable(report) {
  const outcomes = readFileSync(report, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  const had = outcomes.filter(({ skipped }) => skipped === undefined);
  const [first] = had;
  const text = `# Real libraries

\`npm run test:world\` takes real libraries at two versions through the action, in a small release that uses them: a member of a
Raft cluster takes commands, a listener answers, a table counts on, a pool lends its workers. Then the corpus's oracle, which
shares no code with the action, installs the package on a node that was built elsewhere, and compares: the library must answer
before the upgrade, after it and after the downgrade, the node must be as one that booted the release, no process may have
been replaced, and none may have crashed. In a row that is called _twice_ only our own application changes.

The sources are those of Debian's source packages, by the SHA-256 of the upstream tarball. What the mirror of the machine does
not have is left out, and said. \`npm run test:world -- --write\` writes this page${first === undefined ? '' : `; these are of OTP ${first.otp}`}.

${table(had)}
${
  outcomes.length - had.length === 0
    ? ''
    : `\nNot had in that run: ${outcomes
        .filter(({ skipped }) => skipped !== undefined)
        .map(({ name, skipped }) => `${name} (${skipped})`)
        .join('; ')}.\n`
}`;
  writeFileSync(FILE, await format(text, { parser: 'markdown', printWidth: 110, proseWrap: 'preserve' }));
}

/** Seconds are those of the whole step: builds, rehearsal, and what else runs beside it on two cores. */
function table(outcomes) {
  const rows = outcomes
    .sort((one, other) => one.order - other.order)
    .map(({ name, verdict, errors, why, seconds, wrong }) => {
      const outcome = verdict === 'refused' ? `refused: ${code(errors)}` : verdict;
      return `| ${name} | ${outcome}${wrong === undefined ? '' : ' (not as expected)'} | ${why} | ${seconds} |`;
    });
  return ['| libraries | verdict | why | seconds |', '|---|---|---|---|', ...rows].join('\n');
}

function code(ids) {
  return ids.map((id) => `\`${id}\``).join(', ');
}
