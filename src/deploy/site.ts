import { group } from '@actions/core';
import { mkdir, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { DeployManifest } from '../model/deploy-input.js';
import type { NodeContext } from '../node/node-context.js';
import { installedEmulator, startData } from '../node/release-emulator.js';
import { type Erlang, interpretErlang } from '../programs/erlang.js';
import type { Commands } from './commands/commands.js';
import { stepCommands } from './commands/step-commands.js';
import type { DeployOptions } from './deploy-options.js';
import { nodeAt } from './node-at.js';
import type { PlaceContext } from './place/place-context.js';
import type { DeploySession } from './session/deploy-session.js';
import type { UpgradePlan } from './upgrade-node.js';

/** What one deploy is about: where, and with what. */
export interface Site {
  readonly options: DeployOptions;
  /** Resolved. */
  readonly deployRoot: string;
  readonly commands: Commands;
  readonly plan: UpgradePlan;
  readonly erlangOf: PlaceContext['erlangOf'];
}

/** Looks at the place; nothing is changed. */
export async function siteOf(options: DeployOptions): Promise<Site> {
  const { privateFolder, cwd = process.cwd(), cancel, commandTexts } = options;
  // of what may not be entered somebody else tells
  const deployRoot = await realpath(options.deployRoot).catch(() => resolve(options.deployRoot));
  const texts = commandTexts ?? { before: '', after: '', start: '', stop: '' };
  const commands = options.commands ?? stepCommands({ texts, cwd, folder: privateFolder, cancel });
  const erlangOf = erlangsIn(deployRoot, privateFolder);
  return { options, deployRoot, commands, plan: planOf({ ...options, cwd }, commands), erlangOf };
}

function planOf(options: DeployOptions & { readonly cwd: string }, commands: Commands): UpgradePlan {
  const {
    health = {},
    cwd,
    onCrash = 'fail',
    onFailure = 'downgrade',
    keepReleases = 3,
    phase = group,
  } = options;
  return { health: { ...health, cwd, onCrash }, onFailure, keepReleases, phase, commands };
}

/** Each release's own emulator, started with the boot file of that release. */
function erlangsIn(deployRoot: string, privateFolder: string): PlaceContext['erlangOf'] {
  const known = new Map<string, Promise<Erlang>>();
  return (release) => {
    const id = `${release.erts}-${release.version}`;
    const erlang = known.get(id) ?? interpreted(join(privateFolder, `erlang-${id}`), deployRoot, release);
    known.set(id, erlang);
    return erlang;
  };
}

async function interpreted(
  folder: string,
  deployRoot: string,
  { erts, version }: { readonly erts: string; readonly version: string },
): Promise<Erlang> {
  const home = join(folder, 'home');
  await mkdir(home, { recursive: true, mode: 0o700 });
  return interpretErlang(folder, await installedEmulator(deployRoot, { erts, version }, home));
}

/** The node that runs from it, to be upgraded hot. The caller closes its control. */
export async function contextOf({ options, erlangOf }: Site): Promise<NodeContext> {
  const { manifest, privateFolder, serviceEnvironment, stepSeconds = 300, watchSeconds = 120 } = options;
  return nodeAt({
    ...{ deployRoot: options.deployRoot, manifest, privateFolder, serviceEnvironment },
    ...{ stepSeconds, watchSeconds, package: options.upgradePackage, others: manifest.upFrom },
    erlangFor: async (root) => options.erlang ?? erlangOf(await startData(root)),
  });
}

/** For an installation or a restart. */
export function placeOf(
  { options, deployRoot, commands, plan, erlangOf }: Site,
  session: DeploySession,
  manifest: DeployManifest = options.manifest,
): PlaceContext {
  const { privateFolder, fullPackage, serviceEnvironment = {} } = options;
  const { stepSeconds = 300, watchSeconds = 120, stopSeconds = 120 } = options;
  return {
    ...{ deployRoot, privateFolder, manifest, full: fullPackage, session, commands, plan },
    ...{ serviceEnvironment, erlangOf, stepSeconds, watchSeconds, stopSeconds },
  };
}
