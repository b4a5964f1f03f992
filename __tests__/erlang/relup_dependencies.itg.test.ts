import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Dependencies } from '../../src/build/version-project.js';
import type { Erlang } from '../../src/programs/erlang.js';
import { temporaryFolder } from '../support/repository.js';
import { sharedErlang } from '../support/shared-erlang.js';

let dir: string;
let erlang: Erlang;
let count = 0;
beforeAll(async () => {
  dir = temporaryFolder();
  erlang = await sharedErlang(dir);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const DEPS = '{deps, [{cowboy, "2.9.0"}, {dep, {git, "https://example.org/dep", {tag, "1.0"}}}]}.';
const LOCK = `{"1.2.0",
[{<<"cowboy">>,{pkg,<<"cowboy">>,<<"2.9.0">>},0},
 {<<"cowlib">>,{pkg,<<"cowlib">>,<<"2.11.0">>},1},
 {<<"dep">>,{git,"https://example.org/dep",{ref,"0123abcd"}},0}]}.
[{pkg_hash,[{<<"cowboy">>, <<"AB">>}]}].
`;
const CONFIG = `${DEPS}\n{erl_opts, [debug_info]}.
{relx, [{release, {app, "1.0.0"}, [app]}]}.
{profiles, [{prod, [{relx, [{mode, prod}]}, {erl_opts, [no_debug_info]}]}, {test, [{deps, [meck]}]}]}.\n`;

const app = (name: string, version: string): string =>
  `{application, ${name}, [{vsn, ${version}}, {applications, [kernel, stdlib]}]}.\n`;

interface Files {
  readonly config?: string;
  readonly lock?: string;
  readonly more?: Readonly<Record<string, string>>;
}

interface Answer {
  readonly fixed: boolean;
  readonly dependencies: Dependencies | null;
}

async function dependencies(files: Files, profile = 'prod') {
  return (await describeProject(files, profile)).dependencies;
}

async function describeProject({ config = CONFIG, lock = LOCK, more = {} }: Files, profile = 'prod') {
  const project = join(dir, `project-${count++}`);
  const files = { 'rebar.config': config, 'rebar.lock': lock, ...more };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), text);
  }
  return erlang.query<Answer>('project', [project, profile]);
}

test('dependencies are named as the lock file names them', async () => {
  expect((await dependencies({}))?.names).toEqual(['cowboy', 'cowlib', 'dep']);
  const old = '[{<<"dep">>,{git,"https://example.org/dep",{ref,"0123abcd"}},0}].';
  expect((await dependencies({ config: '{deps, [dep]}.', lock: old }))?.names).toEqual(['dep']);
});

test('the release section, comments and other files make no difference', async () => {
  const raised = CONFIG.replace('"1.0.0"', '"1.1.0"').replace(
    '{mode, prod}',
    '{mode, prod}, {include_erts, true}',
  );
  const [one, other] = await Promise.all([
    dependencies({}),
    dependencies({ config: `%% raised\n${raised}`, more: { 'src/app.erl': '-module(app).\n' } }),
  ]);
  expect(other?.digest).toBe(one?.digest);
});

test.each([
  ['a compiler option', { config: CONFIG.replace('debug_info]', 'debug_info, inline]') }],
  ["a profile's option", { config: CONFIG.replace('no_debug_info', 'inline') }],
  ['an override', { config: `${CONFIG}{overrides, [{add, dep, [{erl_opts, [inline]}]}]}.\n` }],
  ['a plugin', { config: `${CONFIG}{plugins, [rebar3_lint]}.\n` }],
  ['another version', { lock: LOCK.replace('2.11.0', '2.12.0') }],
  ['another commit', { lock: LOCK.replace('0123abcd', '4567cdef') }],
  ['another hash', { lock: LOCK.replace('"AB"', '"CD"') }],
] satisfies [string, Files][])('%s makes another digest', async (_, files) => {
  const [one, other] = await Promise.all([dependencies({}), dependencies(files)]);
  expect(other?.digest).toMatch(/^[0-9A-F]{32}$/);
  expect(other?.digest).not.toBe(one?.digest);
});

test('a project may be without any', async () => {
  expect(await dependencies({ config: '{deps, []}.', lock: '[].' })).toMatchObject({
    names: [],
    plugins: 'none',
  });
});

test.each([
  ['[rebar3_hex]', 'open'],
  ['[]', 'none'],
  ['[{rebar3_hex, "~> 7.0"}]', 'open'],
  ['[{rebar3_hex, "7.0"}]', 'open'],
  ['[{pc, {git, "https://example.org/pc", {branch, "main"}}}]', 'open'],
  ['[{pc, "1.15.0"}, rebar3_hex]', 'open'],
  ['[{pc, "1.15.0"}, {rebar3_hex, "7.0.8-rc.1"}]', 'pinned'],
  ['[{pc, "1.15.0", {pkg, pc_fork}}]', 'pinned'],
  ['[{pc, {git, "https://example.org/pc", {tag, "1.0"}}}]', 'pinned'],
  ['[{pc, {git_subdir, "https://example.org/pc", {ref, "0123abcd"}, "x"}}]', 'pinned'],
])('the files determine the plugins %s: %s', async (plugins, expected) => {
  expect((await dependencies({ config: `${CONFIG}{plugins, ${plugins}}.\n` }))?.plugins).toBe(expected);
  const inProfile = CONFIG.replace('{mode, prod}]}', `{mode, prod}]}, {project_plugins, ${plugins}}`);
  expect((await dependencies({ config: inProfile }))?.plugins).toBe(expected);
  const inOther = CONFIG.replace('{deps, [meck]}', `{plugins, ${plugins}}`);
  expect((await dependencies({ config: inOther }))?.plugins).toBe('none');
});

test.each<[string, Files, boolean]>([
  ['all are written down', {}, true],
  ['one of an application comes from git', { more: { 'apps/b/src/b.app.src': app('b', 'git') } }, false],
  ['that of the release comes from a command', { config: CONFIG.replace('"1.0.0"', '{cmd, "date"}') }, false],
  ['a script may change one', { more: { 'src/app.app.src.script': 'CONFIG.\n' } }, false],
  ['applications lie elsewhere', { config: `${CONFIG}{project_app_dirs, ["*"]}.\n` }, false],
])('whether the commit alone decides about the versions: %s', async (_, { more, ...files }, expected) => {
  const all = { 'src/app.app.src': app('app', '"1.0.0"'), ...more };
  expect((await describeProject({ ...files, more: all })).fixed).toBe(expected);
});

describe('nothing is certain', () => {
  test.each([
    ['without a lock file', { lock: '' }],
    ['with a lock file that says nothing', { lock: '{"1.2.0", none}.' }],
    ['when a dependency is not locked', { config: CONFIG.replace('{cowboy', 'ranch, {cowboy') }],
    [
      'when a profile has dependencies',
      { config: CONFIG.replace('{mode, prod}]}', '{mode, prod}]}, {deps, [recon]}') },
    ],
    ['with a configuration script', { more: { 'rebar.config.script': 'CONFIG.\n' } }],
    ['with _checkouts', { more: { '_checkouts/dep/src/dep.app.src': '' } }],
    [
      'with a source that may be a folder',
      { lock: LOCK.replace('{git,"https://example.org/dep",{ref,"0123abcd"}}', '{path,"libs/dep"}') },
    ],
    ['with a branch', { lock: LOCK.replace('{ref,"0123abcd"}', '{branch,"main"}') }],
    ['with a name that leads out', { lock: LOCK.replace('<<"cowlib">>,{', '<<"../x">>,{') }],
    ['with shell hooks', { config: `${CONFIG}{pre_hooks, [{compile, "sh patch.sh"}]}.\n` }],
    [
      "with a profile's shell hooks",
      { config: CONFIG.replace('{mode, prod}]}', '{mode, prod}]}, {post_hooks, [{compile, "x"}]}') },
    ],
    [
      'with shell hooks in an override',
      { config: `${CONFIG}{overrides, [{add, dep, [{pre_hooks, [{compile, "x"}]}]}]}.\n` },
    ],
    ['when rebar.config cannot be read', { config: '{deps, [' }],
  ] satisfies [string, Files][])('%s', async (_, files) => {
    expect(await dependencies(files)).toBeNull();
  });

  test('dependencies and hooks of other profiles do not matter', async () => {
    const config = CONFIG.replace('{deps, [meck]}', '{deps, [meck]}, {pre_hooks, [{eunit, "x"}]}');
    expect(await dependencies({ config })).not.toBeNull();
    expect(await dependencies({ config }, 'prod,test')).toBeNull();
  });
});
