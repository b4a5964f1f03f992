import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkSyncNodes } from '../../../src/deploy/preflight/sync-nodes.js';
import type { NodeContext } from '../../../src/node/node-context.js';
import { temporaryFolder } from '../../support/repository.js';
import { webManifest } from '../../support/snapshot.js';

let folder: string;
beforeEach(() => void (folder = temporaryFolder()));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A relup for whose sync_nodes the node gives these targets. */
function check(
  targets: { nodes: readonly string[]; unknown: boolean },
  instructions: readonly string[] = [],
) {
  const control = { call: () => Promise.resolve(targets), close: () => undefined };
  const appups = [{ application: 'web', up: [{ instructions }], down: [] }];
  const manifest = { ...webManifest(), appups };
  return checkSyncNodes({ control, manifest, privateFolder: folder } as unknown as NodeContext, '1');
}

it('an upgrade that waits for other nodes is refused, and its appup named', async () => {
  await expect(
    check({ nodes: ['b@two'], unknown: false }, ["{sync_nodes,web,['a@one','b@two']}"]),
  ).rejects.toThrow(
    'The upgrade waits for b@two to be upgraded at the same time (sync_nodes in the appup of web), and a deploy upgrades this node alone: release_handler would wait for ever.',
  );
});

it('also where a function of the new release tells the nodes', async () => {
  await expect(check({ nodes: [], unknown: true })).rejects.toThrow(
    'The upgrade waits for nodes that are not known yet to be upgraded at the same time (sync_nodes in the relup)',
  );
});

it('one that waits for nobody is not', async () => {
  await expect(check({ nodes: [], unknown: false })).resolves.toBeUndefined();
});
