// What the rehearsal of a small release costs, step by step.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Commands } from '../demo/commands.mjs';
import { makeRepository } from '../demo/repository.mjs';
import { byAction } from './sequences.mjs';
import { ratio, seconds, table } from './table.mjs';

const [OLD, NEW] = ['0.1.0', '0.2.0'];
/** They run on nodes of their own, at the same time as the rest. */
const BESIDE = ['cold boot', 'full package'];

export async function benchRehearsal(folder) {
  const dir = join(folder, 'rehearsal');
  mkdirSync(dir);
  const repository = join(dir, 'repository');
  await makeRepository(new Commands(), repository, [OLD, NEW], 'helloworld@localhost');
  const inputs = { 'upgrade-from': OLD, rehearse: 'true' };
  const { report } = await byAction(dir, repository, { to: NEW, inputs });
  const { phases, rehearsal } = report;
  const [version] = rehearsal.versions;
  if (version.outcome !== 'passed') throw new Error(`The rehearsal did not pass: ${version.reason}`);
  const all = phases.reduce((sum, phase) => sum + phase.seconds, 0);
  const share = phases.find(({ name }) => name === 'Rehearsal').seconds / all;
  const rows = version.steps.map((step) => [
    step.name,
    seconds(step.seconds),
    ratio(step.seconds / version.seconds),
    BESIDE.includes(step.name) ? 'beside the steps above' : '',
  ]);
  return [
    table([['step', 'time', 'of the rehearsal', ''], ...rows]),
    `The rehearsal of helloworld, ${OLD} → ${NEW}, takes ${seconds(version.seconds)}: ${ratio(share)} of the whole run (${seconds(all)}). Where a release listens on a port, all steps come one after the other.`,
  ].join('\n\n');
}
