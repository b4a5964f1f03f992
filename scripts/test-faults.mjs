// npm run test:faults [-- --runs N] [-- --seed S] [-- --only PART-OF-A-NAME]
// Deploys to real nodes with something going wrong, on the Erlang/OTP of the PATH; --runs: how many of them are interrupted.
import { spawnSync } from 'node:child_process';
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
// One file after the other: what runs at the same time within a file is enough for two cores.
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--project', 'faults', '--no-file-parallelism', ...only],
  {
    stdio: 'inherit',
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...process.env, ...Object.fromEntries(given) },
  },
);
process.exit(status ?? 1);
