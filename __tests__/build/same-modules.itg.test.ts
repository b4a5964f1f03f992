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

const [A, B] = ['apps/a/src/a_same.erl', 'apps/b/src/b.erl'] as const;

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
    expect(await same({})).toEqual([A, B]);
  });

  test.each<[string, Files]>([
    ['versions', { 'apps/a/src/a.app.src': '{application, a, [{vsn, "2"}]}.\n' }],
    ['documents and appups', { 'README.md': 'two\n', 'apps/a/src/a.appup.src': '{"2", [], []}.\n' }],
    ["the release's configuration", { 'config/sys.config': '[].\n', 'config/vm.args.src': '-name x\n' }],
    ['what is not code', { 'apps/b/priv/b.schema': 'one\n', 'test/contract.aes': 'contract\n' }],
    ['what the caller compares', { 'rebar.config': '{erl_opts, []}.\n' }],
    [
      'modules that one of them lacks',
      { 'apps/b/src/c.erl': '-module(c).\n', 'apps/a/src/a_changed.erl': '' },
    ],
    ['modules that are made of something else', { 'apps/b/src/p.yrl': 'Nonterminals a.\n' }],
    ['headers that nobody includes', { 'apps/b/src/b.hrl': '-define(B, 2).\n' }],
    ['another application', { 'apps/c/src/c.app.src': '{application, c, []}.\n' }],
  ])('%s make no difference', async (_, changes) => {
    expect(await same(changes)).toEqual([A, B]);
  });

  test.each<[string, Files, string[]]>([
    ['includes a header that differs', { 'apps/a/include/a.hrl': '-define(A, 2).\n' }, [B]],
    ['includes one that is gone', { 'apps/a/include/a.hrl': '' }, [B]],
    ['may include one of that name', { 'apps/b/include/file.hrl': '-define(A, 2).\n' }, [B]],
    ["'s application has other options", { 'apps/b/rebar.config': '{erl_opts, [{d, x}]}.\n' }, [A]],
    ["'s application is another one", { 'apps/a/src/aa.app.src': '{application, aa, []}.\n' }, [B]],
    ['may include a generated header that differs', { 'apps/b/mibs/B.mib': 'B\n' }, []],
  ])('are not those of which one %s', async (_, changes, expected) => {
    expect(await same(changes)).toEqual(expected);
  });

  test.each<[string, Files, string[]]>([
    ['is a transform', { 'apps/b/src/b.erl': '-module(b).\nparse_transform(Forms, _) -> Forms.\n' }, [A]],
    ['uses an unknown transform', { 'apps/b/src/b.erl': '-compile({parse_transform, vsn}).\n' }, [A]],
    ['includes something else than headers', { 'apps/b/src/b.erl': '-ifdef(T). -include("t.inc").\n' }, [A]],
    ['includes what cannot be told', { 'apps/b/src/b.erl': '-include(\n"t.hrl").\n' }, [A]],
    [
      'includes a header that brings a transform',
      {
        'apps/b/src/b.erl': '-include("b.hrl").\n',
        'apps/b/src/b.hrl': '-compile({parse_transform, vsn}).\n',
      },
      [A],
    ],
  ])('are not those of which one %s, although it is the same file', async (_, more, expected) => {
    expect(await same({}, { base: { ...BASE, ...more } })).toEqual(expected);
  });

  test('are not those that get to a header that differs by way of others', async () => {
    const base = {
      ...BASE,
      'apps/b/src/b.erl': '-include("one.hrl").\n',
      'apps/b/include/one.hrl': '-include("two.hrl").\n',
      'apps/b/include/two.hrl': '-define(B, 1).\n',
    };
    expect(await same({ 'apps/b/include/two.hrl': '-define(B, 2).\n' }, { base })).toEqual([A]);
    expect(await same({}, { base })).toEqual([A, B]);
  });

  test('are not those of which there are two, as nobody can say which one is compiled', async () => {
    const base = { ...BASE, 'apps/a/src/old/b.erl': '-module(b).\n' };
    expect(await same({}, { base })).toEqual([A]);
  });

  test('are looked for beside other things, of which only headers matter', async () => {
    const project = 'server';
    const all = [A, B].map((path) => join(project, path));
    expect(await same({ '../client/main.go': 'package main\n' }, { project })).toEqual(all);
    expect(await same({ '../shared/a.hrl': '-define(X, 1).\n' }, { project })).toEqual(all.slice(1));
    expect(await same({ 'rebar.config': '{erl_opts, []}.\n' }, { project })).toEqual(all);
    expect(await same({ '../rebar.config': '{erl_opts, []}.\n' }, { project })).toEqual([]);
  });

  test('are none where a link differs, which may lead to anything', async () => {
    const tree = async (target: string) => {
      const repository = TestRepository.create(join(dir, String(count++)));
      repository.write(BASE);
      symlinkSync(target, join(repository.dir, 'apps/a/src/linked'));
      repository.commit('one');
      const git = await Git.open(repository.dir, join(dir, String(count++)));
      return git.at(git.topLevel);
    };
    const [one, other] = [await tree('../../b/src'), await tree('../../c/src')];
    expect(await sameModules({ one, other: one }, '')).toHaveLength(3);
    expect(await sameModules({ one, other }, '')).toEqual([]);
  });
});
