import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sameModules } from '../../src/build/same-modules.js';
import { Git } from '../../src/programs/git.js';
import { temporaryFolder, TestRepository } from '../support/repository.js';

type Files = Readonly<Record<string, string>>;

const BASE: Files = {
  'rebar.config': '{erl_opts, [debug_info]}.\n',
  'apps/a/src/a.app.src': '{application, a, [{vsn, "1"}]}.\n',
  'apps/a/src/a_same.erl': '-module(a_same).\n-include("a.hrl").\n-include_lib("kernel/include/file.hrl").\n',
  'apps/a/src/a_changed.erl': '-module(a_changed).\n',
  'apps/a/include/a.hrl': '-define(A, 1).\n',
  'apps/b/src/b.app.src': '{application, b, [{vsn, "1"}]}.\n',
  'apps/b/src/b.erl': '-module(b).\n-compile([{parse_transform, lager_transform}]).\n',
  'README.md': 'one\n',
};

let dir: string;
let count = 0;
beforeAll(() => {
  dir = temporaryFolder();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** The paths of what two commits have in common; an empty text is no file. */
async function same(changes: Files, { base = BASE, project = '' } = {}): Promise<string[]> {
  const trees = [base, { ...base, 'apps/a/src/a_changed.erl': '-module(a_changed). %%\n', ...changes }];
  const [one, other] = await Promise.all(
    trees.map(async (files) => {
      const repository = TestRepository.create(join(dir, String(count++)));
      const there = Object.entries(files).filter(([, text]) => text !== '');
      repository.write(Object.fromEntries(there.map(([name, text]) => [join(project, name), text])));
      repository.commit('one');
      const git = await Git.open(repository.dir, join(dir, String(count++)));
      return git.at(git.topLevel);
    }),
  );
  if (one === undefined || other === undefined) throw new Error('two are made');
  return (await sameModules({ one, other }, project)).map(({ path }) => path).sort();
}

describe('modules that are the same in two commits', () => {
  test('are those whose own source is', async () => {
    expect(await same({})).toEqual(['apps/a/src/a_same.erl', 'apps/b/src/b.erl']);
  });

  test.each<[string, Files]>([
    [
      'versions and documents',
      { 'apps/a/src/a.app.src': '{application, a, [{vsn, "2"}]}.\n', 'README.md': 'two\n' },
    ],
    ['an appup', { 'apps/a/src/a.appup.src': '{"2", [], []}.\n', LICENSE: 'all\n' }],
    ["the release's configuration", { 'config/sys.config': '[].\n', 'config/vm.args.src': '-name x\n' }],
    ['what the caller compares', { 'rebar.config': '{erl_opts, []}.\n' }],
    [
      'modules that one of them lacks',
      { 'apps/b/src/c.erl': '-module(c).\n', 'apps/a/src/a_changed.erl': '' },
    ],
  ])('%s make no difference', async (_, changes) => {
    expect(await same(changes)).toEqual(['apps/a/src/a_same.erl', 'apps/b/src/b.erl']);
  });

  test.each<[string, Files]>([
    ['a header differs', { 'apps/a/include/a.hrl': '-define(A, 2).\n' }],
    ['a header is new', { 'apps/b/src/b.hrl': '-define(B, 2).\n' }],
    ['a parser differs', { 'apps/b/src/p.yrl': 'Nonterminals a.\n' }],
    ['something unknown differs', { 'apps/b/priv/schema.capnp': '@1\n' }],
    ['an application is new', { 'apps/c/src/c.app.src': '{application, c, []}.\n' }],
    ['an application has options of its own', { 'apps/b/rebar.config': '{erl_opts, [{d, x}]}.\n' }],
  ])('are none when %s', async (_, changes) => {
    expect(await same(changes)).toEqual([]);
  });

  test.each<[string, Files]>([
    [
      'the project has a transform of its own',
      { 'apps/a/src/t.erl': 'parse_transform(Forms, _) -> Forms.\n' },
    ],
    ['an unknown one is used', { 'apps/a/src/t.erl': '-compile({parse_transform, vsn}).\n' }],
    ['something else than a header is included', { 'apps/a/src/t.erl': '-ifdef(T). -include("t.inc").\n' }],
    ['what is included cannot be told', { 'apps/a/src/t.erl': '-include(\n"t.inc").\n' }],
    ['an application is configured by a script', { 'apps/a/rebar.config.script': 'CONFIG.\n' }],
  ])('are none when %s, although it is the same in both', async (_, more) => {
    expect(await same({}, { base: { ...BASE, ...more } })).toEqual([]);
  });

  test('are not those of which there are two, as nobody can say which one is compiled', async () => {
    const base = { ...BASE, 'apps/a/src/old/b.erl': '-module(b).\n' };
    expect(await same({}, { base })).toEqual(['apps/a/src/a_same.erl']);
  });

  test('are looked for beside other things, of which only headers matter', async () => {
    const project = 'server';
    const all = ['server/apps/a/src/a_same.erl', 'server/apps/b/src/b.erl'];
    expect(await same({ '../client/main.go': 'package main\n' }, { project })).toEqual(all);
    expect(await same({ '../shared/x.hrl': '-define(X, 1).\n' }, { project })).toEqual([]);
    expect(await same({ 'apps/b/b.go': 'package b\n' }, { project })).toEqual([]);
  });

  test('are none where links or submodules may hold anything', async () => {
    const repository = TestRepository.create(join(dir, String(count++)));
    repository.write(BASE);
    symlinkSync('../../b/src', join(repository.dir, 'apps/a/src/linked'));
    repository.commit('one');
    const git = await Git.open(repository.dir, join(dir, String(count++)));
    const tree = git.at(git.topLevel);
    expect(await sameModules({ one: tree, other: tree }, '')).toEqual([]);
  });
});
