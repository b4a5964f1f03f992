import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Alone } from '../../src/build/version-project.js';
import { compileErlang, type CompiledErlang } from '../../src/programs/erlang.js';
import { temporaryFolder } from '../support/repository.js';

let dir: string;
let erlang: CompiledErlang;
let count = 0;
beforeAll(async () => {
  dir = temporaryFolder();
  // rebar3's global configuration is part of it
  process.env.REBAR_GLOBAL_CONFIG_DIR = join(dir, 'home');
  erlang = await compileErlang(dir);
});
afterAll(async () => {
  await erlang.close();
  delete process.env.REBAR_GLOBAL_CONFIG_DIR;
  rmSync(dir, { recursive: true, force: true });
});

async function aloneIn(files: Readonly<Record<string, string>>): Promise<Alone> {
  const project = join(dir, String(count++));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, name)), { recursive: true });
    writeFileSync(join(project, name), text);
  }
  return (await erlang.query<{ alone: Alone }>('project', [project, 'prod'])).alone;
}

const BOTH = { compilersAlone: true, relxAlone: true };
const NOBODY = { compilersAlone: false, relxAlone: false };

describe('a build is made by rebar3 alone', () => {
  test.each([
    ['in a plain project', '{erl_opts, [debug_info]}.', BOTH],
    ['with plugins that make no code', '{plugins, [rebar3_hex, {erlfmt, "1.3.0"}]}.', BOTH],
    [
      'with the same named twice',
      '{plugins, [rebar3_hex]}.\n{profiles, [{test, [{plugins, [rebar3_hex]}]}]}.\n{erl_opts, [{parse_transform, qlc}, {parse_transform, qlc}]}.',
      BOTH,
    ],
    ['with a plugin that is not known', '{plugins, [somebodys]}.', NOBODY],
    ['with one for the project only', '{project_plugins, [{somebodys, "1.0.0"}]}.', NOBODY],
    ['with one in a profile', '{profiles, [{prod, [{plugins, [somebodys]}]}]}.', NOBODY],
    [
      'with one that compiles only',
      '{plugins, [pc]}.\n{provider_hooks, [{pre, [{compile, {pc, compile}}]}]}.',
      { compilersAlone: false, relxAlone: true },
    ],
    [
      'with a transform whose result is known to depend on its module alone',
      '{erl_opts, [{parse_transform, lager_transform}]}.',
      BOTH,
    ],
    [
      'with one that is not known',
      '{overrides, [{override, app, [{erl_opts, [{parse_transform, x}]}]}]}.',
      { compilersAlone: false, relxAlone: true },
    ],
    [
      'with a shell hook of compiling',
      '{post_hooks, [{compile, "touch done"}]}.',
      { compilersAlone: false, relxAlone: true },
    ],
    [
      "with a plugin's hook of packing",
      '{plugins, [rebar3_appup_plugin]}.\n{provider_hooks, [{pre, [{tar, {appup, tar}}]}]}.',
      { compilersAlone: true, relxAlone: false },
    ],
    [
      'with a hook of assembling',
      '{profiles, [{prod, [{post_hooks, [{"linux", release, "true"}]}]}]}.',
      NOBODY,
    ],
    ['with applications elsewhere', '{project_app_dirs, ["code/*"]}.', NOBODY],
  ])('%s', async (_, config, expected) => {
    expect(await aloneIn({ 'rebar.config': config })).toEqual(expected);
  });

  test('or not, when a script makes the configuration', async () => {
    expect(await aloneIn({ 'rebar.config': '', 'rebar.config.script': 'CONFIG.' })).toEqual(NOBODY);
    expect(await aloneIn({ 'rebar.config': '', 'apps/a/rebar.config.script': 'CONFIG.' })).toEqual(NOBODY);
  });

  test("or by what an application's own configuration names", async () => {
    const named = (config: string): Promise<Alone> =>
      aloneIn({ 'rebar.config': '', 'apps/a/rebar.config': config });
    expect(await named('{pre_hooks, [{tar, "true"}]}.')).toEqual(NOBODY);
    expect(await named('{pre_hooks, [{compile, "./headers"}]}.')).toEqual({
      compilersAlone: false,
      relxAlone: true,
    });
    expect(await named('{provider_hooks, [{pre, [{tar, {appup, tar}}]}]}.')).toEqual({
      compilersAlone: true,
      relxAlone: false,
    });
  });

  test("or by what rebar3's global configuration names", async () => {
    const global = join(dir, 'home/.config/rebar3/rebar.config');
    mkdirSync(dirname(global), { recursive: true });
    writeFileSync(global, '{plugins, [somebodys]}.');
    try {
      expect(await aloneIn({ 'rebar.config': '' })).toEqual(NOBODY);
    } finally {
      rmSync(global);
    }
  });
});
