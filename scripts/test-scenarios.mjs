// npm run test:scenarios [-- --only PART-OF-A-NAME] [-- --rounds N] [-- --every N] [-- --random N] [-- --seed S] [-- --keep]
// The scenario corpus on the Erlang/OTP of the PATH; --random adds that many random pairs, --every takes each n-th scenario,
// --rounds goes up and down that often on one node.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    every: { type: 'string' },
    rounds: { type: 'string' },
    random: { type: 'string' },
    seed: { type: 'string' },
    report: { type: 'string' },
    keep: { type: 'boolean' },
  },
});

const variables = {
  SCENARIO_ONLY: values.only,
  SCENARIO_EVERY: values.every,
  SCENARIO_ROUNDS: values.rounds,
  SCENARIO_RANDOM: values.random,
  SCENARIO_SEED: values.seed,
  SCENARIO_REPORT: values.report,
  SCENARIO_KEEP: values.keep === true ? 'true' : undefined,
};
const given = Object.entries(variables).filter(([, value]) => value !== undefined);
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'scenarios'], {
  stdio: 'inherit',
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  env: { ...process.env, ...Object.fromEntries(given) },
});
process.exit(status ?? 1);
