import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ActionError, NodeRefusedError } from '../shared/errors.js';
import { run } from '../programs/exec.js';
import type { NodeControl } from './control.js';
import { replaceFile } from './durable-file.js';
import { fileInRoot, placeInRoot } from './inside-root.js';
import type { NodeProcess } from './node-process.js';
import { nothingOfOurs } from '../programs/runner-environment.js';

export interface StartOptions {
  readonly root: string;
  /** Release name. */
  readonly name: string;
  /** The service's environment: whatever command is run, the script fills templates in from it (H119). */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds?: number;
}

/**
 * Starts an installed release in the background through its own script, and waits until it answers.
 *
 * @throws {CommandFailedError} when it does not come up in time (default 60 s).
 */
export async function startDaemon(options: StartOptions): Promise<void> {
  await run(join(options.root, 'bin', options.name), ['daemon'], {
    cwd: options.root,
    env: { ...nothingOfOurs(), ...options.environment },
    timeoutSeconds: options.timeoutSeconds ?? 60,
  });
}

/**
 * Stops a node in order, and waits until its process has ended. Not through the script, which would put the cookie into
 * the process list and fill templates in again.
 *
 * @throws {ActionError} when it is still there after `timeoutSeconds`.
 */
export async function stopNode(control: NodeControl, node: NodeProcess, timeoutSeconds = 60): Promise<void> {
  await control.call('stop');
  const deadline = performance.now() + 1000 * timeoutSeconds;
  while (await isAlive(node.pid)) {
    if (performance.now() > deadline) {
      throw new ActionError(
        `The node (process id ${node.pid}) did not stop within ${timeoutSeconds} seconds.`,
      );
    }
    await setTimeout(25);
  }
}

/** Whether a process is there, and not merely waiting for its parent to take note of its end (state Z). */
export async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat !== undefined && !stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
}

/** The release version that a start script of relx boots; undefined when the file is missing or not relx's. */
export async function scriptVersion(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return /^REL_VSN="([^"]*)"$/m.exec(text)?.[1];
}

/**
 * Replaces `bin/<name>` by `bin/<name>-<version>`: relx writes the version into the script, so that without this the next
 * start boots the old release although the new one is permanent (H82). Does nothing for a release without relx's script.
 *
 * @returns whether there is a script to replace.
 */
export async function replaceStartScript(root: string, name: string, version: string): Promise<boolean> {
  const script = join(root, 'bin', name);
  if ((await scriptVersion(script)) === undefined) return false;
  const target = await placeInRoot(root, `bin/${name}`);
  const source = await fileInRoot(root, `bin/${name}-${version}`);
  const { uid, gid, mode } = await stat(script);
  await replaceFile(target, source, { uid, gid, mode: mode & 0o7777 });
  return true;
}

/**
 * Refuses a release whose new start script is missing, not executable or for another version.
 *
 * @throws {NodeRefusedError}
 */
export async function checkStartScript(root: string, name: string, version: string): Promise<void> {
  if ((await scriptVersion(join(root, 'bin', name))) === undefined) return;
  const script = join(root, 'bin', `${name}-${version}`);
  const executable = await access(script, constants.X_OK).then(
    () => true,
    () => false,
  );
  if (executable && (await scriptVersion(script)) === version) return;
  throw new NodeRefusedError(
    `${script} is not an executable start script of ${version}, so the release could not boot.`,
    {
      remedy: 'Package the release with the start script that relx makes for it.',
    },
  );
}
