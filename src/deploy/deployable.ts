import { NodeRefusedError } from '../shared/errors.js';

/** What was made, and what was proven of it; as in the manifest. */
export interface MadeUpgrade {
  readonly name: string;
  readonly version: string;
  readonly upgradeKind: string;
  readonly verdict: string;
}

/**
 * The one gate before a node: only what a rehearsal proved may be deployed. The upgrade kind tells what was made; the verdict,
 * whether it works.
 *
 * @throws {NodeRefusedError} when there is nothing that a running node may be upgraded with
 */
export function checkDeployable({ name, version, upgradeKind, verdict }: MadeUpgrade): void {
  if (upgradeKind !== 'hot') {
    throw new NodeRefusedError(
      `${name} ${version} is not a hot upgrade: its upgrade kind is ${upgradeKind}.`,
      {
        remedy:
          'Deploy only where there is a release to upgrade from and no emulator restart is needed; or set `allow-restart: true`, and the node is restarted into it.',
      },
    );
  }
  if (verdict !== 'hot') {
    throw new NodeRefusedError(
      `${name} ${version} was not proven by a rehearsal: its verdict is ${verdict}.`,
      {
        remedy:
          'Build it with rehearse: true, on a runner where the up-from release boots (the report says why it was not rehearsed); or set `allow-restart: true`, and the node is restarted into it.',
      },
    );
  }
}
