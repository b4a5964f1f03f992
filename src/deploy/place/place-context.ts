import { join } from 'node:path';
import type { DeployManifest, DeployPackage } from '../../model/deploy-input.js';
import type { NodeContext } from '../../node/node-context.js';
import type { Erlang } from '../../programs/erlang.js';
import { nodeAt } from '../node-at.js';
import type { Commands } from '../commands/commands.js';
import { DEPLOY_FOLDER } from '../session/deploy-folder.js';
import type { DeploySession } from '../session/deploy-session.js';
import type { UpgradePlan } from '../upgrade-node.js';

/** What an installation and a restart are done with: the place, what is put there, and how. */
export interface PlaceContext {
  /** The installed root, or the empty one, resolved. */
  readonly deployRoot: string;
  readonly privateFolder: string;
  /** Of the release that is to run. */
  readonly manifest: DeployManifest;
  /** The full package; undefined for a release that is installed already. */
  readonly full: DeployPackage | undefined;
  readonly session: DeploySession;
  readonly commands: Commands;
  readonly plan: UpgradePlan;
  /** What `env-file` says. */
  readonly serviceEnvironment: Readonly<Record<string, string>>;
  /** Our Erlang code on the emulator of a release that lies in the root. */
  readonly erlangOf: (release: InstalledVersion) => Promise<Erlang>;
  readonly stepSeconds: number;
  readonly watchSeconds: number;
  readonly stopSeconds: number;
}

/** What start_erl.data names. */
export interface InstalledVersion {
  readonly version: string;
  readonly erts: string;
}

/** Where the package lies unpacked, relative to the root, until its files are put in place. */
const STAGED = `${DEPLOY_FOLDER}/unpacked`;

/** The node that runs from the root, asked by the emulator of a release there. The caller closes its control. */
export async function openNode(
  place: PlaceContext,
  manifest: DeployManifest = place.manifest,
): Promise<NodeContext> {
  const { deployRoot, privateFolder, serviceEnvironment, stepSeconds, watchSeconds } = place;
  return nodeAt({
    ...{ deployRoot, manifest, privateFolder, serviceEnvironment, stepSeconds, watchSeconds },
    package: place.full,
    others: [place.manifest, ...place.manifest.upFrom],
    erlangFor: () => place.erlangOf(manifest),
  });
}

/** Does something with the node that runs, by its control. */
export async function withNode<T>(
  place: PlaceContext,
  manifest: DeployManifest,
  work: (context: NodeContext) => Promise<T>,
): Promise<T> {
  const context = await openNode(place, manifest);
  try {
    return await work(context);
  } finally {
    context.control.close();
  }
}

export function stagedFolder({ deployRoot }: Pick<PlaceContext, 'deployRoot'>): string {
  return join(deployRoot, STAGED);
}
