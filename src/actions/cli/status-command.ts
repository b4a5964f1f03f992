import { resolve } from 'node:path';
import { entryText } from '../../model/deploy.js';
import type { InstalledStatus } from '../../deploy/status.js';
import { ActionError } from '../../shared/errors.js';
import { DeskRunner } from './desk-runner.js';
import { prepareEnvironment } from './environment.js';
import { EXIT } from './outcome.js';

/** Tells what is installed and running at a deploy root. @returns the exit status */
export async function statusCommand(deployRoot: string, { json }: { json: boolean }): Promise<number> {
  // What the modules below write for a runner, such as the mask of the cookie, is for nobody here.
  const runner = DeskRunner.start();
  prepareEnvironment({});
  try {
    const status = await read(resolve(deployRoot));
    runner.write(json ? `${JSON.stringify(status, undefined, 1)}\n` : statusText(status));
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    process.stderr.write([error.message, error.remedy, ''].filter((one) => one !== undefined).join('\n'));
    return EXIT.failed;
  } finally {
    runner.stop();
  }
}

async function read(deployRoot: string): Promise<InstalledStatus> {
  const { openWorkspace, closeWorkspace } = await import('../run-workspace.js');
  const { readStatus } = await import('../../deploy/status.js');
  const { releaseEmulator } = await import('../../node/release-emulator.js');
  const { interpretErlang } = await import('../../programs/erlang.js');
  const workspace = await openWorkspace();
  try {
    const emulator = await releaseEmulator(deployRoot, await workspace.folder('home'));
    const erlang = await interpretErlang(await workspace.folder('erlang'), emulator);
    return await readStatus(deployRoot, erlang, await workspace.folder('status'));
  } finally {
    await closeWorkspace(workspace);
  }
}

/** For people. */
function statusText({ deployRoot, boots, node, journal, unfinished, changedBy }: InstalledStatus): string {
  const releases = (node?.releases ?? []).map(
    ({ name, version, status }) =>
      `  ${name} ${version}  ${status}${version === boots ? ', boots next' : ''}`,
  );
  const lines = [
    deployRoot,
    node === undefined
      ? `No node runs from it; the next start boots ${boots}.`
      : `${node.node} (process id ${node.osPid}) is ${node.status}, on OTP ${node.otp}, ERTS ${node.erts}, since ${new Date(node.startedAt).toISOString()}.`,
    ...(node?.releases === null ? ['sasl does not run, so there is no release_handler.'] : releases),
    ...(changedBy === undefined ? [] : [`It is being changed: ${changedBy}.`]),
    ...(journal.length === 0 ? [] : [`Latest deploy${unfinished ? ', not finished' : ''}:`]),
    ...journal.map((entry) => `  ${entryText(entry)}`),
  ];
  return `${lines.join('\n')}\n`;
}
