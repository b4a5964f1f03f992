import { writeFile } from 'node:fs/promises';
import { runGroup, type GroupOptions } from './process-group.js';

export interface UserCommand extends Pick<GroupOptions, 'timeoutSeconds' | 'onLine' | 'cancel'> {
  /** Several lines of shell, as in a `run:` step. */
  readonly command: string;
  readonly cwd: string;
  /** Where the script file goes: a private folder, so that the user's tree stays as it is. */
  readonly scriptFile: string;
  /** What the command is told; refs, versions and paths reach it only this way. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What becomes of processes that it leaves in the background; default `leave`, as a `run:` step does. */
  readonly children?: GroupOptions['children'];
}

/**
 * Runs a command of the user's as `run:` steps do: the text goes verbatim into a file for `bash -eo pipefail` (design
 * decision 12, H99).
 *
 * @throws {CommandFailedError}
 */
export async function runUserCommand({
  command,
  scriptFile,
  children = 'leave',
  ...options
}: UserCommand): Promise<void> {
  await writeFile(scriptFile, command, { mode: 0o600 });
  await runGroup('bash', ['--noprofile', '--norc', '-eo', 'pipefail', scriptFile], { ...options, children });
}
