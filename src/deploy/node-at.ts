import type { DeployManifest, DeployPackage } from '../model/deploy-input.js';
import { controlNode } from '../node/control.js';
import type { NodeContext } from '../node/node-context.js';
import { findNode } from '../node/node-process.js';
import type { Erlang } from '../programs/erlang.js';

/** Of an installed release there is none. */
const NO_PACKAGE: DeployPackage = { path: '', sha256: '', files: [] };

export interface NodeAt extends Pick<
  NodeContext,
  'manifest' | 'privateFolder' | 'stepSeconds' | 'watchSeconds'
> {
  readonly deployRoot: string;
  /** Our Erlang code, for a root as it is found. */
  readonly erlangFor: (deployRoot: string) => Promise<Erlang>;
  /** Whose code the node may run, beside the manifest's. */
  readonly others: readonly Pick<DeployManifest, 'applications'>[];
  readonly package: DeployPackage | undefined;
  /** What `env-file` says: added to, and preferred to, the environment of the node's process (H119). */
  readonly serviceEnvironment: Readonly<Record<string, string>> | undefined;
}

/** The node that runs from a root, and a control of it. The caller closes that. @throws {NodeRefusedError} as `findNode` */
export async function nodeAt(at: NodeAt): Promise<NodeContext> {
  const { manifest, privateFolder, stepSeconds, watchSeconds } = at;
  const found = await findNode(at.deployRoot);
  const { deployRoot } = found;
  const erlang = await at.erlangFor(deployRoot);
  const node = { ...found, environment: { ...found.environment, ...at.serviceEnvironment } };
  const control = controlNode({ erlang, node, privateFolder, releases: [manifest, ...at.others] });
  return {
    ...{ erlang, deployRoot, upgradePackage: at.package ?? NO_PACKAGE, manifest, privateFolder },
    ...{ control, node, stepSeconds, watchSeconds },
  };
}
