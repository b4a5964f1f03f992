import { readFile, readdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ActionError } from '../../shared/errors.js';
import { scriptVersion } from '../../node/release-script.js';
import {
  argumentFiles,
  nameIn,
  scratchArguments,
  withIncludes,
  type ScratchName,
} from '../../node/scratch-arguments.js';

/** Who a scratch node is: the same for every boot, so that what depends on the name is the same, too. */
export interface ScratchIdentity {
  /** Random; part of the node's name. */
  readonly id: string;
  readonly cookie: string;
  /** `keep`: the name that vm.args gives; for releases whose configuration names nodes. */
  readonly nodeName: 'random' | 'keep';
}

/** How the next start of an installed release goes. */
export interface StartCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** Added to the release's environment. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The command that starts what the installed root would boot next: relx's extended script with `foreground`, which becomes
 * the emulator; without it the release's own emulator, as OTP's documentation starts a target system.
 *
 * @param folder a private folder for the changed copy of vm.args
 * @throws {ActionError} when the root has neither
 */
export async function startCommand({
  root,
  name,
  identity,
  environment,
  folder,
}: {
  readonly root: string;
  readonly name: string;
  readonly identity: ScratchIdentity;
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
}): Promise<StartCommand> {
  const script = join(root, 'bin', name);
  const version = await extendedScriptVersion(script);
  const boots = version ?? (await startData(root)).version;
  const argumentsFile = await writeArguments({ root, name, version: boots, identity, environment, folder });
  if (version !== undefined) {
    return { program: script, args: ['foreground'], env: { VMARGS_PATH: argumentsFile } };
  }
  return emulatorCommand(root, name, argumentsFile);
}

async function extendedScriptVersion(script: string): Promise<string | undefined> {
  const text = await readFile(script, 'utf8').catch(() => '');
  return /\bforeground\)/.test(text) && text.includes('VMARGS_PATH') ? scriptVersion(script) : undefined;
}

async function startData(root: string): Promise<{ erts: string; version: string }> {
  const text = await readFile(join(root, 'releases', 'start_erl.data'), 'utf8').catch(() => '');
  const [erts, version] = text.trim().split(/\s+/);
  if (erts !== undefined && version !== undefined) return { erts, version };
  throw new ActionError(`${root} has neither an extended start script nor releases/start_erl.data.`);
}

/** The changed copy of vm.args; of a template when there is one, which the start script fills in beside it. */
async function writeArguments({
  root,
  name,
  version,
  identity,
  environment,
  folder,
}: {
  readonly root: string;
  readonly name: string;
  readonly version: string;
  readonly identity: ScratchIdentity;
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
}): Promise<string> {
  const { text, template } = await originalArguments(root, version, environment);
  const own = ownName(await withIncludes(text, root), environment);
  const scratch = scratchName(name, identity, own);
  const keepName = identity.nodeName === 'keep' && own !== undefined;
  const target = join(folder, 'vm.args');
  await writeFile(
    template ? `${target}.src` : target,
    await scratchArguments({ text, scratchName: scratch, folder: root, keepName }),
    { mode: 0o600 },
  );
  return target;
}

async function originalArguments(
  root: string,
  version: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ text: string; template: boolean }> {
  for (const path of argumentFiles(root, version, environment['VMARGS_PATH'])) {
    for (const suffix of ['.src', '.orig', '']) {
      const text = await readFile(`${path}${suffix}`, 'utf8').catch(() => undefined);
      if (text !== undefined) return { text, template: suffix === '.src' };
    }
  }
  return { text: '', template: false };
}

function ownName(text: string, environment: Readonly<Record<string, string>>): ReturnType<typeof nameIn> {
  const own = nameIn(text);
  if (own === undefined) return undefined;
  const nodeName = own.nodeName.replace(
    /\$\{([^}:]+)(?::-([^}]*))?\}/g,
    (_, variable: string, fallback?: string) => environment[variable] || (fallback ?? ''),
  );
  return { ...own, nodeName };
}

/** Hosts that every machine knows, whatever its own name is (H54). */
function scratchName(
  release: string,
  { id, cookie, nodeName }: ScratchIdentity,
  own: ReturnType<typeof nameIn>,
): ScratchName {
  if (nodeName === 'keep' && own !== undefined) return { ...own, cookie };
  const nameFlag = own?.nameFlag ?? '-sname';
  const host = nameFlag === '-name' ? '127.0.0.1' : 'localhost';
  return { nameFlag, nodeName: `${release}_${id}@${host}`, cookie };
}

async function emulatorCommand(root: string, name: string, argumentsFile: string): Promise<StartCommand> {
  const { erts, version } = await startData(root);
  const bin = join(root, `erts-${erts}`, 'bin');
  const release = join(root, 'releases', version);
  const files = await readdir(release).catch((): string[] => []);
  const boot = [`${name}.boot`, 'start.boot'].find((file) => files.includes(file));
  if (boot === undefined || !(await realpath(bin).catch(() => undefined))) {
    throw new ActionError(
      `${root} cannot be started: it has no extended start script, and no erts-${erts} or releases/${version}/start.boot.`,
    );
  }
  const config = files.includes('sys.config') ? ['-config', join(release, 'sys.config')] : [];
  return {
    program: join(bin, 'erlexec'),
    args: [
      ...['-noinput', '+Bd', '-boot', join(release, boot.replace(/\.boot$/, '')), '-mode', 'embedded'],
      ...config,
      ...['-args_file', argumentsFile],
    ],
    env: { ROOTDIR: root, BINDIR: bin, EMU: 'beam', PROGNAME: 'erl' },
  };
}
