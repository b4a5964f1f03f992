import { join } from 'node:path';
import { runAction, type ActionOptions, type ActionRun } from '../../support/action.js';
import { note } from './figures.js';
import { NEW, type Packages } from './packages.js';

/** Runs the step `deploy/`, by the bundle, as a process of its own. */
export async function deployStep(
  packages: Packages,
  inputs: Readonly<Record<string, string>>,
  env: NonNullable<ActionOptions['env']> = {},
): Promise<ActionRun> {
  const folder = join(packages.folder, NEW);
  const run = await runAction(
    { workspace: folder, inputs: { package: folder, soak: '1s', ...inputs }, env },
    'deploy',
  );
  if (inputs['dry-run'] === undefined) note({ deploy: run.outputs['node-state'] ?? 'killed' });
  return run;
}
