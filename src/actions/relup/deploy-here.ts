import type { Erlang } from '../../programs/erlang.js';
import type { DeployInputs } from '../deploy-inputs.js';
import { DEPLOY, deployNode } from '../deploy-node.js';
import type { Run } from '../run.js';

/**
 * Brings the release to the node of `deployRoot`, with the packages and the manifest that were just made.
 *
 * @throws {NodeRefusedError} when there is nothing that a running node may be upgraded with
 */
export async function deployHere(inputs: DeployInputs, run: Run, erlang: Erlang): Promise<void> {
  const { packages, manifest: manifestPath } = run.record;
  run.note(DEPLOY, { nodeState: 'untouched' });
  if (packages === undefined || manifestPath === undefined) throw new Error('there are no packages');
  const paths = { upgradePath: packages.upgrade?.path, fullPath: packages.full.path };
  await deployNode({ inputs, ...paths, manifestPath }, run, erlang);
}
