import { expect, it } from 'vitest';
import { folderIn, readFacts } from '../../../src/actions/deploy-over-ssh/target-facts.js';

/** What a machine prints, with other lines around, as shells' start files print them. */
function printed(changes: Readonly<Record<string, string>> = {}): string {
  const facts = {
    missing: '',
    system: 'Linux',
    machine: 'x86_64',
    node: '/usr/bin/node',
    version: 'v22.13.0',
    folder: '/tmp/relup-action-Ab3dEf6hIj',
    ...changes,
  };
  const lines = Object.entries(facts).map(([name, value]) => `relup-action ${name} ${value}`);
  return ['Welcome to web1!', ...lines, ''].join('\n');
}

const read = (changes?: Readonly<Record<string, string>>) =>
  readFacts(printed(changes), 'web1', { arch: 'x64' });

it('takes a Node that is new enough, else brings one for the same processor', () => {
  const folder = '/tmp/relup-action-Ab3dEf6hIj';
  expect(read()).toEqual({ folder, node: '/usr/bin/node' });
  expect(read({ version: 'v24.0.1' }).node).toBe('/usr/bin/node');
  for (const version of ['', 'v22.12.9', 'v20.20.2', 'bun']) expect(read({ version }).node).toBeUndefined();
  expect(read({ node: 'node: aliased to nodejs' }).node).toBeUndefined();
  expect(read({ node: '', machine: 'amd64' }).node).toBeUndefined();
});

it.each([
  [{ system: 'Darwin' }, /web1 runs Darwin/],
  [{ missing: 'tar gzip' }, /web1 lacks programs that a deploy needs: tar gzip\./],
  [
    { folder: '', refused: 'mktemp: No space left on device' },
    /\/tmp on web1: mktemp: No space left on device\./,
  ],
  [{ folder: '/tmp/relup-action-Ab3dEf6hIj; rm -rf /' }, /No folder could be made/],
  [{ node: '', machine: 'aarch64' }, /its processor \(aarch64\)/],
])('refuses %j', (changes, message) => {
  expect(() => read(changes)).toThrow(message);
});

it('knows a machine that runs no shell, and only folders of ours', () => {
  expect(() => readFacts('This account is currently not available.', 'web1', { arch: 'x64' })).toThrow(
    'web1 runs no shell for this login.',
  );
  for (const folder of ['/tmp', '/', '/tmp/relup-action-', '/tmp/relup-action-../../etc/']) {
    expect(folderIn(printed({ folder }))).toBeUndefined();
  }
});
