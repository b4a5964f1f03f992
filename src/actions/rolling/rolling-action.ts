import { info, setOutput, summary } from '@actions/core';
import { markdownOf } from '../../report/document/markdown.js';
import { BadInputError } from '../../shared/errors.js';
import { checkAttempt, checkGate } from './gate.js';
import { jobOf, planOf, planText, prefixOf } from './plan.js';
import { markBegun, readProgress } from './progress.js';
import type { RollingInputs } from './rolling-inputs.js';
import { rowOf, toTakeBack } from './rows.js';
import { failureOf, outcomeOf } from './told.js';

/** One step of a rolling deploy, between the deploys themselves. */
export async function rollingAction(inputs: RollingInputs): Promise<void> {
  const attempt = process.env.GITHUB_RUN_ATTEMPT || '1';
  switch (inputs.step) {
    case 'plan':
      return plan(inputs, attempt);
    case 'gate':
      return gate(inputs, attempt);
    case 'back':
      return back(inputs);
    case 'table':
      return table(inputs);
  }
}

function plan({ fleet, maxParallel }: RollingInputs, attempt: string): void {
  const made = planOf(fleet, prefixOf(fleet, attempt));
  for (const line of planText(made, maxParallel)) info(line);
  setOutput('prefix', made.prefix);
  setOutput('dry-run', JSON.stringify(made.dryRun));
  setOutput('canary', JSON.stringify(made.canary));
  setOutput('others', JSON.stringify(made.others));
}

async function gate({ fleet, prefix, index, maxParallel }: RollingInputs, attempt: string): Promise<void> {
  const node = fleet.find((one) => one.index === index);
  if (node === undefined) throw new BadInputError(`The input \`index\` is "${index}".`);
  checkAttempt(prefix, attempt);
  checkGate({ fleet, node, maxParallel }, await readProgress(prefix));
  await markBegun(prefix, index);
  info(`${node.node} is deployed to.`);
}

async function back({ fleet, prefix }: RollingInputs): Promise<void> {
  const nodes = toTakeBack(fleet, await readProgress(prefix));
  info(
    nodes.length === 0
      ? 'No node has to go back.'
      : `To go back: ${nodes.map(({ node }) => node).join(', ')}.`,
  );
  setOutput('back', JSON.stringify(nodes.map((node) => jobOf(node, 'back', prefix))));
}

async function table({ fleet, prefix }: RollingInputs): Promise<void> {
  const progress = await readProgress(prefix);
  const rows = fleet.map((node) => rowOf(node, progress));
  const outcome = outcomeOf(rows);
  setOutput('nodes', JSON.stringify(rows));
  info(outcome.sentence);
  for (const { node, before, after, state } of rows)
    info(`${node}: ${before ?? '–'} → ${after ?? '?'}, ${state}`);
  if (process.env.GITHUB_STEP_SUMMARY) await summary.addRaw(`${markdownOf(outcome.blocks)}\n`).write();
  if (!outcome.done) throw failureOf(outcome);
}
