// npm run test:faults [-- --runs N] [-- --seed S] [-- --only PART-OF-A-NAME]
// Deploys to real nodes with something going wrong, on the Erlang/OTP of the PATH; --runs: how many of them are interrupted.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { runs: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' } },
});
if (values.runs !== undefined && !/^[1-9]\d*$/.test(values.runs)) {
  process.stderr.write(`--runs is a number, not ${values.runs}.\n`);
  process.exit(1);
}

const given = Object.entries({ FAULTS_RUNS: values.runs, FAULTS_SEED: values.seed }).filter(
  ([, value]) => value !== undefined,
);
const only = values.only === undefined ? [] : ['--testNamePattern', values.only];
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'relup-figures-'));
const figures = join(folder, 'figures');
writeFileSync(figures, '');
const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'faults', ...only], {
  stdio: 'inherit',
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  env: { ...process.env, ...Object.fromEntries(given), FAULTS_FIGURES: figures },
});
printFigures();
rmSync(folder, { recursive: true, force: true });
process.exit(status ?? 1);

/** What __tests__/faults/support/figures.ts noted. */
function printFigures() {
  const noted = readFileSync(figures, 'utf8')
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const states = new Map();
  for (const { deploy } of noted) if (deploy) states.set(deploy, (states.get(deploy) ?? 0) + 1);
  const total = [...states.values()].reduce((sum, count) => sum + count, 0);
  const each = [...states].sort(([, a], [, b]) => b - a).map(([state, count]) => `${count} ${state}`);
  const visits = (spoilt) => {
    const those = noted.filter((figure) => figure.spoilt === spoilt);
    return ['requests', 'lost'].map((kind) => those.reduce((sum, figure) => sum + figure[kind], 0));
  };
  const [requests, lost] = visits(false);
  const [more, spoilt] = visits(true);
  console.log(`Deploys: ${total} (${each.join(', ')}; none: refused before anything was changed).`);
  console.log(`Requests while they were at work: ${requests}, of which ${lost} were lost.`);
  console.log(
    `Requests to nodes that were killed or hung themselves: ${more}, of which ${spoilt} were lost with them.`,
  );
}
