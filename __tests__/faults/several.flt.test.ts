import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestPackage } from '../support/helloworld-package.js';
import { Bench } from './support/bench.js';
import { reached, stateOf } from './support/interruption.js';
import { NEW } from './support/packages.js';
import { withNode, type ServingNode } from './support/serving-node.js';

let bench: Bench;

beforeAll(async () => {
  bench = await Bench.prepare('Several at once');
});

afterAll(() => bench.close());

describe.concurrent('two deploys at once', () => {
  it('the second waits, and finds all done', () =>
    withNode(async (node) => {
      const first = bench.start(node);
      await reached(first, node.root, 'begin');
      const second = await bench.deploy(node);
      const end = await first.ended;
      expect(stateOf(end), end.output).toBe('upgraded');
      expect(second.state, second.output).toBe('upgraded');
      expect(second.output).toContain(`${NEW} is installed already.`);
      await bench.served(node);
      await bench.verdict.holds(node, 'upgraded');
      bench.tally.add('two deploys, one waits', 'both upgraded');
    }));

  it('the second does not wait longer than it may, and does no harm', () =>
    withNode(async (node) => {
      const first = bench.start(node, undefined, { health: { soak: 8, timeout: 60 } });
      await reached(first, node.root, 'begin');
      const second = await bench.deploy(node, undefined, { lockSeconds: 0 });
      expect(second.state, second.output).toBe('none');
      expect(second.output).toContain(`Another deploy (webcounter ${NEW}, process id `);
      const end = await first.ended;
      expect(stateOf(end), end.output).toBe('upgraded');
      await bench.served(node);
      await bench.verdict.holds(node, 'upgraded');
      bench.tally.add('two deploys, one may not wait', 'upgraded, and refused');
    }));
});

/** Somebody else unpacks by hand. */
async function unpackByHand(node: ServingNode, { upgradePackage }: TestPackage): Promise<void> {
  copyFileSync(upgradePackage.path, join(node.root, `releases/webcounter-${NEW}.tar.gz`));
  expect(await node.installed.evaluate(`release_handler:unpack_release("webcounter-${NEW}")`)).toContain(NEW);
}

function installByHand(node: ServingNode): Promise<string> {
  return node.installed.evaluate(`spawn(release_handler, install_release, ["${NEW}"])`);
}

describe.concurrent('somebody else at work on the node', () => {
  it('who installs the release while the deploy begins is waited for', () =>
    withNode(async (node) => {
      const input = await bench.packages.pausing();
      await unpackByHand(node, input);
      await installByHand(node);
      const { state, output } = await bench.deploy(node, input);
      expect(state, output).toBe('upgraded');
      await bench.served(node);
      expect(await node.code()).toEqual(await bench.verdict.expectedCode(NEW));
      expect(node.bootFiles()).toMatchObject({ script: NEW });
      bench.tally.add('installed by somebody else before', 'upgraded');
    }));

  it('who installs the release in the middle of the deploy is noticed', () =>
    withNode(async (node) => {
      const deploy = bench.start(node);
      await reached(deploy, node.root, 'configure');
      await installByHand(node);
      const end = await deploy.ended;
      const state = stateOf(end);
      expect(['installed-not-permanent', 'upgraded'], end.output).toContain(state);
      await bench.verdict.holds(node, state);
      bench.tally.add(
        'installed by somebody else meanwhile',
        [state, ...(await bench.finish(node))].join(', then '),
      );
    }));
});
