import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DeployManifest, DeployPackage } from '../../src/model/deploy-input.js';
import type { Erlang } from '../../src/programs/erlang.js';
import { describeManifest, describePackage, type Helloworld } from './helloworld-package.js';

const execute = promisify(execFile);

/** A full package, and a manifest that says how its release comes to nodes. */
export interface FullPackage {
  readonly fullPackage: DeployPackage;
  readonly manifest: DeployManifest;
}

/** helloworld 0.2.0 as the build packs it; `change` edits its files before they are packed. */
export async function packFull(
  erlang: Erlang,
  built: Helloworld,
  {
    change = () => undefined,
    ...made
  }: Partial<DeployManifest> & { readonly change?: (tree: string) => void } = {},
): Promise<FullPackage> {
  const folder = join(built.folder, `full-${randomBytes(4).toString('hex')}`);
  const tree = join(folder, 'tree');
  mkdirSync(tree, { recursive: true });
  await execute('tar', ['-xzf', built.newTarball, '-C', tree]);
  change(tree);
  const path = join(folder, 'helloworld-0.2.0.tar.gz');
  await execute('tar', ['-czf', path, ...readdirSync(tree)], { cwd: tree });
  const manifest = await describeManifest(erlang, built);
  return {
    fullPackage: describePackage(path, tree),
    manifest: { ...manifest, upgradeKind: 'restart', verdict: 'restart', ...made },
  };
}
