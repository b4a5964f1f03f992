import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { argumentFindings, changedArguments, parseArguments } from '../../src/plan/argument-findings.js';
import { application, builtRelease } from '../support/releases.js';

const shop = new Set(['kernel', 'shop']);
const changed = (before: string, after: string): string[] =>
  changedArguments(parseArguments(before, shop), parseArguments(after, shop));

test('flags, settings of applications and variables are named one by one', () => {
  const text = (n: number): string =>
    `-sname shop # ${n}\n-shop limit ${n} name "a b"\n-kernel inet_dist_listen_min ${n}\n+P ${n}\n-env ERL_MAX_ETS_TABLES ${n}\n`;
  expect(changed(text(1), text(2))).toEqual([
    '+P',
    '-env ERL_MAX_ETS_TABLES',
    '-kernel inet_dist_listen_min',
    '-shop limit',
  ]);
  expect(changed(text(1), text(1))).toEqual([]);
});

test('comments, empty lines and spaces are no difference; a flag that comes or goes is', () => {
  expect(changed('## old\n-sname  shop\n\n+K true', '-sname shop +K true\n# +P 1')).toEqual([]);
  expect(changed('+K true\n-heart', '+K true')).toEqual(['-heart']);
  expect(changed('-pa a -pa b', '-pa a')).toEqual(['-pa']);
});

test('no value is told, of the cookie not even the flag', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'relup-args-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const release = (version: string, file: string, text: string) => {
    const root = join(folder, version);
    mkdirSync(join(root, 'releases', version), { recursive: true });
    writeFileSync(join(root, 'releases', version, file), text);
    return { ...builtRelease(version, [application('shop', version)]), root };
  };
  const one = release('1.0.0', 'vm.args', '-setcookie secret1\n-shop password geheim1\n');
  const two = release('1.1.0', 'vm.args.src', '-setcookie secret2\n-shop password geheim2\n');
  const [finding, ...more] = await argumentFindings(two, [one, two]);
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ id: 'vm-args-changed', severity: 'warning' });
  expect(finding?.message).toBe(
    'vm.args differs between 1.0.0 and 1.1.0 (-shop password, the cookie), and an upgraded node goes on with the old one.',
  );
  expect(JSON.stringify(finding)).not.toMatch(/secret|geheim|setcookie/);
});
