import { expect, it } from 'vitest';
import { readFleet, type FleetInputs } from '../../../src/actions/rolling/fleet.js';

const read = (nodes: unknown, more: Partial<FleetInputs> = {}) =>
  readFleet({
    nodes: typeof nodes === 'string' ? nodes : JSON.stringify(nodes),
    runner: 'ubuntu-latest',
    deployRoot: '/opt/app',
    knownHosts: 'web1 ssh-ed25519 AAAA',
    ...more,
  });

it('knows labels and addresses, each with a folder of its own if it names one', () => {
  const nodes = ['web1', 'web-2.eu:/opt/other', 'ssh://app@10.0.0.7', 'ssh://app@[::1]:2222/srv/app'];
  expect(read(nodes)).toEqual([
    { index: 1, node: nodes[0], runner: 'web1', ssh: '', root: '/opt/app' },
    { index: 2, node: nodes[1], runner: 'web-2.eu', ssh: '', root: '/opt/other' },
    { index: 3, node: nodes[2], runner: 'ubuntu-latest', ssh: 'ssh://app@10.0.0.7', root: '/opt/app' },
    { index: 4, node: nodes[3], runner: 'ubuntu-latest', ssh: 'ssh://app@[::1]:2222', root: '/srv/app' },
  ]);
});

it.each([
  ['web1, web2', {}, /`nodes` is not a list of texts as JSON/],
  ['[]', {}, /is not a list/],
  ['{"a": 1}', {}, /is not a list/],
  [[1], {}, /is not a list/],
  [[''], {}, /names "", which is neither a label nor an address/],
  [['web 1'], {}, /names "web 1"/],
  [['app@web1'], {}, /names "app@web1"/],
  [['ssh://web1'], {}, /names "ssh:\/\/web1"/],
  [['ssh://app@-oProxyCommand=x'], {}, /neither a label nor an address/],
  [['web1', 'web2', 'web1'], {}, /names web1 twice/],
  [['web1', 'web1:/opt/app'], {}, /twice/],
  [['web1'], { deployRoot: '' }, /not known where the release of web1 is installed/],
  [['ssh://app@web1'], { knownHosts: '' }, /names ssh:\/\/app@web1, but `known-hosts` is empty/],
  [Array.from({ length: 257 }, (_, place) => `web${place}`), {}, /names 257 nodes/],
])('refuses %j', (nodes, more, message) => {
  expect(() => read(nodes, more)).toThrow(message);
});
