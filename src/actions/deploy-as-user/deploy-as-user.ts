import { saveState } from '@actions/core';
import { chmod, chown, copyFile, cp, link } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { StepCommandsOptions } from '../../deploy/commands/step-commands.js';
import { DeployError } from '../../deploy/deploy-error.js';
import type { DeployResult } from '../../model/deploy.js';
import { makeRoot, rootState } from '../../node/deploy-root.js';
import { readEnvironmentFile } from '../../node/environment-file.js';
import { isRoots } from './roots-file.js';
import { awaitSigns, HUNG, SIGN } from '../../programs/life-signs.js';
import { OtherUser } from '../../programs/other-user.js';
import { deferringCancel } from '../../shared/cancel.js';
import { shipped } from '../../shared/shipped.js';
import type { Workspace } from '../../shared/workspace.js';
import type { DeployRequest } from '../deploy-request.js';
import { AnsweredCommands } from './asked-commands.js';
import { handedOver, PID, RESULT, resultOf, writeRequest } from './hand-over.js';

/**
 * Does the deploy as the user that the node belongs to. Everything it needs is handed over into a private folder of that user:
 * this action, the package, and Node too, when it lies where that user may not go. So neither the node's cookie nor its files
 * are ever read by the runner's user, and what is written belongs to the node's.
 *
 * @throws {NodeRefusedError} when sudo does not allow it
 * @throws {DeployError} as `deployRelease`; also when the helper ended without a word
 */
export async function deployAsUser(
  name: string,
  request: DeployRequest,
  workspace: Workspace,
): Promise<DeployResult> {
  const user = await OtherUser.become(name);
  await makeRootFor(user, request.inputs.deployRoot);
  const folder = await user.makeFolder();
  saveState('hand-over', JSON.stringify({ name, folder }));
  try {
    const prepared = await prepare(request, workspace);
    const node = await nodeFor(user, prepared);
    await user.copy(prepared, folder);
    const program = node ?? join(folder, 'node');
    const script = join(folder, 'dist/deploy-as-user/index.mjs');
    await start(user, [program, script, folder], { home: folder, request, workspace });
    return resultOf(await read(user, folder));
  } finally {
    await user.remove(folder, PID);
  }
}

/** A folder with all that is handed over. */
async function prepare(request: DeployRequest, workspace: Workspace): Promise<string> {
  const prepared = await workspace.folder('handed-over');
  await cp(shipped(''), join(prepared, 'dist'), { recursive: true });
  const { upgradePath, fullPath, manifestPath } = request;
  for (const file of [upgradePath, fullPath, manifestPath].filter((path) => path !== undefined)) {
    const target = join(prepared, basename(file));
    // a link costs nothing; between two file systems there are none
    await link(file, target).catch(() => copyFile(file, target));
  }
  const serviceEnvironment = await rootsEnvironment(request);
  await writeRequest(prepared, { ...request, serviceEnvironment }, handedOver());
  return prepared;
}

/** The service's environment is often in a file that only root may read; so root does, unless another user chose the file. */
async function rootsEnvironment({
  inputs: { envFile },
}: DeployRequest): Promise<Record<string, string> | undefined> {
  if (process.getuid?.() !== 0 || envFile === undefined) return undefined;
  return (await isRoots(envFile)) ? readEnvironmentFile(envFile) : undefined;
}

/** Our own Node, when that user can start it; else undefined, and a copy is handed over. */
async function nodeFor(user: OtherUser, prepared: string): Promise<string | undefined> {
  const { exitCode } = await user.run(['test', '-x', process.execPath], {
    okCodes: [0, 1],
    timeoutSeconds: 60,
  });
  if (exitCode === 0) return process.execPath;
  await copyFile(process.execPath, join(prepared, 'node'));
  await chmod(join(prepared, 'node'), 0o700);
  return undefined;
}

interface Helped {
  readonly home: string;
  readonly request: DeployRequest;
  readonly workspace: Workspace;
}

/** Root makes the folder, which may lie where that user may not make one; another step's user has that user try. */
async function makeRootFor(user: OtherUser, deployRoot: string): Promise<void> {
  if (process.getuid?.() !== 0 || (await rootState(deployRoot)) !== 'missing') return;
  const { stdout } = await user.run(['sh', '-c', 'echo "$(id -u) $(id -g)"'], { timeoutSeconds: 60 });
  const [uid = 0, gid = 0] = stdout.trim().split(' ').map(Number);
  await makeRoot(deployRoot);
  await chown(deployRoot, uid, gid);
}

/** Nothing of our environment stands on the command line or goes through sudo: it is in the request. */
async function start(
  user: OtherUser,
  command: readonly string[],
  { home, request, workspace }: Helped,
): Promise<void> {
  const environment = [`PATH=${process.env.PATH ?? '/usr/bin:/bin'}`, `HOME=${home}`, 'LANG=C.UTF-8'];
  const cwd = process.env.GITHUB_WORKSPACE ?? process.cwd();
  const options = { texts: request.inputs.commands, cwd, folder: await workspace.folder('commands') };
  const how = await deferringCancel((cancel) =>
    ended(user, ['env', '-i', ...environment, ...command], { ...options, cancel }),
  );
  if (how === 'ended with 0') return;
  if (how === HUNG) await user.end(join(home, PID));
  throw new DeployError(`The part of the deploy that runs as ${user.name} ${how}.`, 'unknown', {
    remedy: 'Look at the node, then run the step again: it goes on from what it finds.',
  });
}

/** The helper is told of a cancel, and takes the end of its standard input for one, so it also learns when we are killed. */
function ended(
  user: OtherUser,
  command: readonly string[],
  options: StepCommandsOptions & { readonly cancel: AbortSignal },
): Promise<string> {
  return new Promise((resolve) => {
    const signs = awaitSigns(() => resolve(HUNG));
    const commands = new AnsweredCommands(options, (line) => program.send(line));
    const program = user.start(command, {
      onLine: (line) => {
        signs.sign();
        // Also what it says to the runner: the cookie's mask, groups, warnings.
        if (line !== SIGN && !commands.take(line)) process.stdout.write(`${line}\n`);
      },
      onEnd: (how) => {
        signs.stop();
        resolve(how);
      },
    });
    options.cancel.addEventListener('abort', () => commands.cancel(), { once: true });
  });
}

async function read(user: OtherUser, folder: string): Promise<string> {
  return (await user.run(['cat', join(folder, RESULT)], { timeoutSeconds: 60 })).stdout;
}
