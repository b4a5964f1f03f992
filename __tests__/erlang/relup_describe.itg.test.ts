import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReleaseDescription } from '../../src/build/release-checks.js';
import { ErlangError } from '../../src/programs/erlang-answer.js';
import type { CompiledErlang } from '../../src/programs/erlang.js';
import { hostileText } from '../support/hostile-text.js';
import { temporaryFolder } from '../support/repository.js';
import { sharedErlang } from '../support/shared-erlang.js';

let dir: string;
let erlang: CompiledErlang;
let count = 0;
beforeAll(async () => {
  dir = temporaryFolder();
  erlang = await sharedErlang(dir);
  // What a hostile package would like to be read: a module outside of it.
  mkdirSync(join(dir, 'outside/ebin'), { recursive: true });
  execFileSync('cp', [join(erlang.ebin, 'relup_json.beam'), join(dir, 'outside/ebin')]);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function tree(files: Readonly<Record<string, string | Buffer>>): string {
  const root = join(dir, `root-${count++}`);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}

function rel(name: string, version: string, applications = '[{kernel,"9.0"}]', erts = '"14.0"'): string {
  return `{release,{"${name}","${version}"},{erts,${erts}},${applications}}.`;
}

async function describeTree(files: Readonly<Record<string, string | Buffer>>): Promise<ReleaseDescription> {
  return erlang.query<ReleaseDescription>('describe', [tree(files)]);
}

test('the release resource file of the release itself counts, whatever else lies beside it', async () => {
  const description = await describeTree({
    'releases/start_erl.data': '14.0 1.0\n',
    'releases/1.0/app.rel': rel('app', '1.0'),
    'releases/1.0/another.rel': rel('app', '1.0'),
    'releases/1.0/aaa.rel': rel('aaa', '2.0'),
    'releases/1.0/broken.rel': '{release',
    'lib/kernel-9.0/ebin/kernel.app': '',
  });
  expect(description).toMatchObject({
    name: 'app',
    version: '1.0',
    erts: '14.0',
    applications: [{ name: 'kernel', version: '9.0', dir: 'lib/kernel-9.0', present: true }],
  });
});

test('a version with a space is one version', async () => {
  const files = {
    'releases/start_erl.data': '14.0 1.0 beta',
    'releases/1.0 beta/app.rel': rel('app', '1.0 beta'),
  };
  expect((await describeTree(files)).version).toBe('1.0 beta');
});

test.each([
  ['', 'names no release version'],
  ['14.0', 'names no release version'],
  ['14.0 1.0\n14.0 2.0\n', 'names no release version'],
  ['14.0 ..', 'its release version ".." cannot be a folder\'s name'],
  ['14.0 ../../outside', 'its release version "../../outside" cannot be a folder\'s name'],
  ['14.0 1.0\0', "cannot be a folder's name"],
  ['14.0 *', 'it holds no release resource file for * at releases/*/<name>.rel'],
  [`14.0 ${'1'.repeat(2_000_000)}`, 'it holds no releases/start_erl.data'],
])('start_erl.data %j is refused in words', async (data, message) => {
  const files = { 'releases/start_erl.data': data, 'releases/1.0/app.rel': rel('app', '1.0') };
  const error: unknown = await describeTree(files).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ErlangError);
  expect((error as ErlangError).message).toContain(message);
  expect((error as ErlangError).reason).not.toBe('crash');
});

test.each([
  ['another version', 'app', rel('app', '2.0')],
  ['another name', 'app', rel('../app', '1.0')],
  ['an ERTS that climbs', 'app', rel('app', '1.0', '[]', '"../../../outside"')],
  ['applications that are none', 'app', rel('app', '1.0', '[{"kernel","9"},kernel]')],
  ['a version that is no text', 'app', '{release,{"app",1.0},{erts,"14.0"},[]}.'],
  ['no term', 'app', 'halt().'],
  ['a lot', 'app', `${rel('app', '1.0')}${'%'.repeat(1_000_001)}`],
])('a release resource file with %s is none', async (_, name, content) => {
  const files = { 'releases/start_erl.data': '14.0 1.0', [`releases/1.0/${name}.rel`]: content };
  await expect(describeTree(files)).rejects.toThrow(
    'it holds no release resource file for 1.0 at releases/1.0/<name>.rel',
  );
});

test('an application that leads out of the release is named and not looked at', async () => {
  const hostile = '[{kernel,"9.0/../../../outside"},{\'../../outside\',"1"},{sasl,"4.0"}]';
  const { applications } = await describeTree({
    'releases/start_erl.data': '14.0 1.0',
    'releases/1.0/app.rel': rel('app', '1.0', hostile),
    'lib/kernel-9.0/ebin/kernel.app': '',
  });
  expect(applications.map(({ present, modules }) => [present, modules])).toEqual([
    [false, {}],
    [false, {}],
    [false, {}],
  ]);
});

test('a module that cannot be read is named', async () => {
  const files = {
    'releases/start_erl.data': '14.0 1.0',
    'releases/1.0/app.rel': rel('app', '1.0'),
    'lib/kernel-9.0/ebin/kernel.beam': Buffer.from('FOR1\0\0\0\0BEAM'),
  };
  await expect(describeTree(files)).rejects.toThrow(
    'lib/kernel-9.0/ebin/kernel.beam is no Erlang module that can be read',
  );
});

test('no start_erl.data and release resource file whatsoever makes it crash', () => {
  const quoted = hostileText.map((text) => `"${text.toWellFormed().replaceAll(/["\\]/g, '\\$&')}"`);
  const term = fc.oneof(
    quoted,
    fc.constantFrom('app', "'../x'", '1', '1.5', '[]', '{}', '#{}', '[{kernel,"9.0"}]', '<<"x">>'),
  );
  const file = fc.oneof(
    fc.tuple(term, term, term, term).map(([a, b, c, d]) => `{release,{${a},${b}},{erts,${c}},${d}}.`),
    fc
      .tuple(term, term)
      .map(([a, b]) => `{release,{"app","1.0"},{erts,"14.0"},[{${a},${b}},{kernel,${b}}]}.`),
    hostileText,
  );
  const data = fc.oneof(
    fc.constant('14.0 1.0'),
    hostileText,
    hostileText.map((text) => `14.0 ${text}`),
  );
  const roots = fc
    .sample(fc.tuple(data, file), 1000)
    .map(([start, content]) => tree({ 'releases/start_erl.data': start, 'releases/1.0/app.rel': content }));
  const list = join(dir, 'roots');
  writeFileSync(list, roots.map((root) => `"${root}".\n`).join(''));
  const program = `{ok, Roots} = file:consult("${list}"),
    Ends = [try relup_describe:command([Root]) of Answer -> element(1, Answer)
            catch throw:_ -> error; error:Reason -> io:format("~tp~n~tp~n", [Root, Reason]), crash end || Root <- Roots],
    io:format("~p", [[{End, length([E || E <- Ends, E =:= End])} || End <- [crash]]]), halt().`;
  const printed = execFileSync('erl', ['-noinput', '-pa', erlang.ebin, '-eval', program], {
    encoding: 'utf8',
  });
  expect(printed).toBe('[{crash,0}]');
});
