// Not an action of its own: the part of a deploy that runs as the node's user (input `run-as`).
import { accessSync, constants } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { giveSigns } from '../../programs/life-signs.js';
import { Workspace } from '../../shared/workspace.js';
import { performDeploy } from '../deploy-request.js';
import { endOnSignals } from '../run-workspace.js';
import { AskedCommands, isCancel } from './asked-commands.js';
import { failureOf, PID, readRequest, writeOutcome } from './hand-over.js';

const [folder = ''] = process.argv.slice(2);
const { request, environment } = await readRequest(folder);
Object.assign(process.env, environment, { PATH: openFolders(environment.PATH ?? '') });
await writeFile(join(folder, PID), String(process.pid));
const commands = new AskedCommands(request.inputs.commands, (line) => process.stdout.write(`${line}\n`));
listenToTheStep();
giveSigns();
try {
  const workspace = await Workspace.open(folder);
  endOnSignals(workspace);
  const deployed = await performDeploy({
    request,
    commands,
    privateFolder: await workspace.folder('deploy'),
  });
  await writeOutcome(folder, { deployed });
} catch (error) {
  await writeOutcome(folder, failureOf(error));
}

/** Those of the runner's user are mostly closed to us, which would be told at each search. */
function openFolders(path: string): string {
  return path.split(':').filter(isOpen).join(':');
}

function isOpen(folder: string): boolean {
  try {
    accessSync(folder, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A cancelled step may not signal another user's process; but it tells so, and so does the end of our standard input. */
function listenToTheStep(): void {
  let cancelled = false;
  const cancel = (): void => {
    if (!cancelled) process.kill(process.pid, 'SIGINT');
    cancelled = true;
  };
  const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
  lines.on('line', (line) => {
    if (isCancel(line)) cancel();
    else commands.take(line);
  });
  lines.once('close', () => {
    commands.end();
    cancel();
  });
  // It is no reason to stay when the deploy is done; and when nobody listens any more, that is none to break off.
  (process.stdin as { unref?: () => void }).unref?.();
  process.stdout.on('error', () => undefined);
}
