import type { DeployManifest, ReleaseCode } from '../model/deploy-input.js';
import { runningRelease, type NodeSnapshot } from '../model/node.js';
import { rootState } from '../node/deploy-root.js';
import type { NodeContext } from '../node/node-context.js';
import { codeDifferences } from '../node/node-code.js';
import { anyNodeRuns } from '../node/node-process.js';
import { readNodeState } from '../node/node-state.js';
import { startData } from '../node/release-emulator.js';
import { ActionError, NodeRefusedError } from '../shared/errors.js';
import { contextOf, type Site } from './site.js';

/** What is there: an empty root, or an installed release with or without a node that runs. */
export interface Look {
  readonly root: 'empty' | 'installed';
  /** Its control is the caller's to close. */
  readonly context: NodeContext | undefined;
  readonly node: NodeSnapshot | 'silent' | 'none';
}

/** @throws {NodeRefusedError} when it is neither empty nor an installed release, or the node cannot be reached at all */
export async function lookAt(site: Site): Promise<Look> {
  if ((await rootState(site.deployRoot)) !== 'installed')
    return { root: 'empty', context: undefined, node: 'none' };
  if (site.options.allowRestart === true && !(await anyNodeRuns(site.deployRoot))) {
    await startData(site.deployRoot);
    return { root: 'installed', context: undefined, node: 'none' };
  }
  const context = await contextOf(site);
  try {
    const node = await readNodeState(context.control).catch((error: unknown) => {
      if (!(error instanceof ActionError)) throw error;
      return 'silent' as const;
    });
    return { root: 'installed', context, node };
  } catch (error) {
    context.control.close();
    throw error;
  }
}

/** What `describe` tells of an installed release. */
type Description = Pick<DeployManifest, 'name' | 'version' | 'erts' | 'applications'>;

/** The release that boots now, or that the node runs, as its code: of the manifest if that knows it, else as it lies there. */
export async function installedRelease(site: Site, node: Look['node']): Promise<DeployManifest> {
  const boots = await startData(site.deployRoot);
  const version = typeof node === 'string' ? boots.version : versionOf(node, boots.version);
  return describeInstalled(site, { version, erts: typeof node === 'string' ? boots.erts : node.erts }, node);
}

function versionOf(node: NodeSnapshot, boots: string): string {
  return runningRelease(node.releases ?? [])?.version ?? boots;
}

/** @throws {NodeRefusedError} when it cannot be read */
export async function describeInstalled(
  { deployRoot, options, erlangOf }: Pick<Site, 'deployRoot' | 'options' | 'erlangOf'>,
  { version, erts }: { readonly version: string; readonly erts: string },
  node: Look['node'] = 'none',
): Promise<DeployManifest> {
  const { manifest } = options;
  const { toolchain } = manifest;
  const erlang = await erlangOf({ version, erts });
  const found = await erlang.query<Description>('describe', [deployRoot, version]).catch((cause: unknown) => {
    if (!(cause instanceof ActionError)) throw cause;
    throw new NodeRefusedError(`The release ${version} in ${deployRoot} cannot be read: ${cause.message}.`, {
      remedy: 'Put its files back, from its full package.',
      details: cause.details,
      cause,
    });
  });
  const named: ReleaseCode | undefined = [manifest, ...manifest.upFrom].find(
    (one) => one.version === version,
  );
  const knows = typeof node !== 'string' && named !== undefined && codeDifferences(node, named).length === 0;
  const code = knows ? named : found;
  const { selfMade } = named ?? {};
  return {
    ...{ name: found.name, version, erts, toolchain, upFrom: [] },
    applications: code.applications,
    ...(selfMade === undefined ? {} : { selfMade }),
  };
}
