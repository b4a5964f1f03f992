import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nameIn, scratchArguments } from '../../src/node/scratch-arguments.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relup-arguments-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const name = { nameFlag: '-sname', nodeName: 'web_1@localhost', cookie: 'ours' } as const;
const own = [
  '-sname web_1@localhost',
  '-setcookie ours',
  '-start_epmd false',
  '-kernel inet_dist_listen_min 0 inet_dist_listen_max 0 inet_dist_use_interface {127,0,0,1}',
];

async function flags(text: string, keepName = false): Promise<string[]> {
  const result = await scratchArguments({ text, scratchName: name, folder, keepName });
  return result.split('\n').filter((line) => line.trim() !== '');
}

test('name, cookie, heart and fixed ports are ours; everything else stays', async () => {
  const text = `## Name of the node
-name web@db.example.com
-setcookie secret
-heart
-env HEART_COMMAND /bin/true
+K true
-kernel inet_dist_listen_min 9100
-kernel inet_dist_listen_max 9105
-kernel inet_dist_use_interface "{10,0,0,1}"
-kernel net_ticktime 30
-start_epmd true
-erl_epmd_port 4370
-proto_dist inet_tls\n`;
  expect(await flags(text)).toEqual([
    '-env HEART_COMMAND /bin/true',
    '+K true',
    '-kernel net_ticktime 30',
    '-proto_dist inet_tls',
    ...own,
  ]);
});

test('several flags on one line', async () => {
  expect(await flags('-sname web -setcookie secret +P 100000')).toEqual(['  +P 100000', ...own]);
});

test('a node that keeps its name may be reached by it', async () => {
  expect((await flags('', true)).at(-1)).toBe('-kernel inet_dist_listen_min 0 inet_dist_listen_max 0');
});

test('included files are copied in, since they may hold the same flags; circles end', async () => {
  writeFileSync(
    join(folder, 'more.args'),
    `+A 5\n-setcookie other\n-args_file ${join(folder, 'more.args')}\n`,
  );
  const result = await flags('-args_file more.args\n-args_file missing.args');
  expect(result.filter((line) => line.includes('setcookie'))).toEqual(['-setcookie ours']);
  expect(result).toContain('+A 5');
  expect(result).toContain('-args_file missing.args');
});

test.each([
  ['-name web@127.0.0.1', { nameFlag: '-name', nodeName: 'web@127.0.0.1' }],
  ['  -sname ${NODE}', { nameFlag: '-sname', nodeName: '${NODE}' }],
  ['# -sname web', undefined],
  ['-setcookie x', undefined],
])('the name in %s', (text, expected) => {
  expect(nameIn(text)).toEqual(expected);
});
