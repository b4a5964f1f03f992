import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a workflow run would have set. A token stays: who has set it on a desk means it. */
const RUNNERS = /^(?:GITHUB_(?!TOKEN$)|RUNNER_|ACTIONS_|INPUT_|STATE_)/;

/**
 * Makes this process one that no runner has started: the inputs where the action looks for them, a folder for temporary files
 * that is removed when it ends, and nothing of a workflow run that it may be part of.
 */
export function prepareEnvironment(inputs: Readonly<Record<string, string>>): string {
  for (const name of Object.keys(process.env)) {
    if (RUNNERS.test(name)) delete process.env[name];
  }
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'relup-action-')));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  process.env.RUNNER_TEMP = folder;
  // Where they would be written to otherwise is standard output.
  for (const name of ['GITHUB_OUTPUT', 'GITHUB_STATE']) {
    process.env[name] = join(folder, name);
    writeFileSync(process.env[name], '');
  }
  for (const [name, value] of Object.entries(inputs)) process.env[`INPUT_${name.toUpperCase()}`] = value;
  return folder;
}
