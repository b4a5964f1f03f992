import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { changedConfiguration } from '../../src/build/rebar-configuration.js';
import type { ReleaseDescription } from '../../src/build/release-checks.js';
import { rebar3 } from '../../src/programs/rebar3.js';
import { rebarConfig, serverApplication } from '../support/projects.js';
import { temporaryFolder, TestRepository } from '../support/repository.js';
import { sharedErlang } from '../support/shared-erlang.js';

const dir = temporaryFolder();
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const unchecked = { withoutAppupPlugin: false, withoutUndefinedCheck: true };
const WARNING = 'app:value/0 calls undefined function nowhere:value/0';
const NO_SOURCE = 'Source code not found: made.erl';

/** A project that calls a function that is nowhere; its configuration is made by a script, and hooks call rebar3 elsewhere. */
function project(name: string): TestRepository {
  const repository = TestRepository.create(join(dir, name)).write({
    'rebar.config': `{post_hooks, [{compile, "sh -c 'cd tool && rebar3 compile'"}]}.\n`,
    'rebar.config.script': `{ok, More} = file:consult(filename:join(filename:dirname(SCRIPT), "more.config")),
CONFIG ++ More.\n`,
    'more.config': rebarConfig('1.0.0', {
      profile: '{include_src, true}',
      rest: '{src_dirs, ["src", "generated"]}.',
    }),
    // relx copies src only
    'generated/made.erl': '-module(made).\n',
    '.gitignore': '_build/\ntool/\n',
    'tool/rebar.config': "{erl_opts, [{d, 'TOOL'}]}.\n",
    'tool/src/tool.app.src': '{application, tool, [{vsn, "1"}, {applications, [kernel, stdlib]}]}.\n',
    'tool/src/tool.erl':
      '-module(tool).\n-export([x/0]).\n-ifdef(TOOL).\nx() -> ok.\n-else.\n-error(other_configuration).\n-endif.\n',
    ...serverApplication('app', '1.0.0', 'old'),
    'src/app.erl':
      '-module(app).\n-export([start_link/0, value/0]).\nstart_link() -> ignore.\nvalue() -> nowhere:value().\n',
  });
  repository.commit('1.0.0');
  return repository;
}

test('relx looks for no undefined functions and no sources; everything else stays as the project has it', async () => {
  const erlang = await sharedErlang(join(dir, 'erlang'));
  const [own, changed] = [project('own'), project('changed')];
  const configFile = await changedConfiguration(dir, unchecked);
  const ownLog = await rebar3('release', { cwd: own.dir, profile: 'prod' });
  const changedLog = await rebar3('release', { cwd: changed.dir, profile: 'prod', configFile });
  expect(ownLog).toContain(WARNING);
  expect(ownLog).toContain(NO_SOURCE);
  expect(changedLog).not.toContain(WARNING);
  expect(changedLog).not.toContain(NO_SOURCE);
  const [expected, found] = await Promise.all(
    [own, changed].map((one) =>
      erlang.query<ReleaseDescription>('describe', [join(one.dir, '_build/prod/rel/app')]),
    ),
  );
  expect(found?.applications).toEqual(expected?.applications);
  expect(changed.git('status', '--porcelain')).toBe('');
});

test('the new version keeps its warnings, also those of undefined functions', async () => {
  const changed = project('new');
  const configFile = await changedConfiguration(mkdtempSync(join(dir, 'configuration-')), {
    ...unchecked,
    withoutUndefinedCheck: false,
  });
  const log = await rebar3('release', { cwd: changed.dir, profile: 'prod', configFile });
  expect(log).toContain(WARNING);
  expect(log).not.toContain(NO_SOURCE);
});

test('a configuration that cannot be read is told as rebar3 tells it', async () => {
  const repository = TestRepository.create(join(dir, 'broken')).write({ 'rebar.config': '{relx, [' });
  const configFile = await changedConfiguration(dir, unchecked);
  await expect(rebar3('release', { cwd: repository.dir, profile: 'prod', configFile })).rejects.toMatchObject(
    {
      details: expect.stringMatching(/Error reading file rebar\.config: .*1/) as string,
    },
  );
});
