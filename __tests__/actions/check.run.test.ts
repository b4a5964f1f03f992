import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { removeRuns, runAction, type ActionRun } from '../support/action.js';
import { fails, folder, keep, removeKept } from '../support/failures.js';
import {
  libraryApplication,
  loadModule,
  projectRepository,
  rebarConfig,
  serverApplication,
} from '../support/projects.js';
import { TestRepository } from '../support/repository.js';

afterAll(() => {
  removeRuns();
  removeKept();
});

const both = (version: string, back = '1') => ({
  'rebar.config': rebarConfig(version, { applications: 'app, back, sasl' }),
  ...serverApplication('app', version, 'old', 'apps/app/'),
  ...libraryApplication('back', version, back, 'apps/back/'),
});

/** Release 1.0.0 with its tag, then a commit with these files; the change, and nothing else, is what they say. */
function changed(
  files: Record<string, string>,
  released: Record<string, string> = both('1.0.0'),
): TestRepository {
  const repository = keep(projectRepository({ '1.0.0': released }));
  repository.write(files).commit('A change');
  return repository;
}

async function checks(
  repository: TestRepository,
  inputs: Record<string, string> = {},
  env: Record<string, string> = {},
): Promise<ActionRun> {
  const run = await runAction({
    workspace: repository.dir,
    inputs: { mode: 'check', rehearse: 'true', ...inputs },
    env,
  });
  expect(repository.git('status', '--porcelain')).toBe('');
  return run;
}

const annotations = (run: ActionRun): string[] => run.log.match(/^::(?:error|warning|notice) .*$/gm) ?? [];

/** An event's variables and payload, as the runner gives them. */
function event(name: string, payload: object): Record<string, string> {
  const path = join(folder(), 'event.json');
  writeFileSync(path, JSON.stringify(payload));
  return {
    GITHUB_EVENT_NAME: name,
    GITHUB_EVENT_PATH: path,
    GITHUB_REF_TYPE: 'branch',
    GITHUB_REF_NAME: '12/merge',
  };
}

test('a typo is mended, and no version raised: hot, with what to raise before the tag, and nothing left that looks released', async () => {
  const repository = changed({
    'apps/back/src/back.erl': '-module(back).\n-export([value/0]).\nvalue() -> 2.\n',
  });
  const run = await checks(repository);
  expect(run.exitCode, run.log).toBe(0);
  expect(run.outputs).toMatchObject({ verdict: 'hot', 'upgrade-kind': 'hot', 'up-from': '["1.0.0"]' });
  expect(Object.keys(run.outputs).filter((name) => /tarball|manifest|artifact/.test(name))).toEqual([]);
  expect(annotations(run)).toEqual([
    expect.stringContaining(
      'file=apps/back/src/back.erl::Hot: a node that runs 1.0.0 can be upgraded to this change, which was tried on a node.%0A' +
        'Before you tag, raise the version of the release app (now 1.0.0) in rebar.config; back (now 1.0.0) in apps/back/src/back.app.src, line 1.',
    ),
  ]);
  expect(run.log).toContain('The application back 1.0.0 counts as 1.0.1 in this run.');
  expect(run.log).not.toContain('app 1.0.0 → 1.0.1');
  expect(run.summary).toContain('> <strong>Hot:</strong> a node that runs 1.0.0');
  const kept = readdirSync(run.temp).flatMap((name) => readdirSync(join(run.temp, name)));
  expect(kept.sort()).toEqual(['report.html', 'report.json']);
  expect(JSON.parse(readFileSync(run.outputs.report as string, 'utf8'))).toMatchObject({ verdict: 'hot' });
});

const counter = (state: string, init: string) => `-module(app).
-behaviour(gen_server).
-export([start_link/0, init/1, handle_call/3, handle_cast/2]).
-record(state, {${state}}).
start_link() -> gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).
init([]) -> {ok, #state{${init}}}.
handle_call(_, _, #state{n = N} = S) -> {reply, N, S#state{n = N + 1}}.
handle_cast(_, S) -> {noreply, S}.\n`;

test('a state record that changed without code_change is refused, with one annotation on its module', async () => {
  const released = { ...both('1.0.0'), 'apps/app/src/app.erl': counter('n', 'n = 0') };
  const repository = changed({ 'apps/app/src/app.erl': counter('n, m = []', 'n = 0') }, released);
  const { message, run } = await fails(repository, { mode: 'check', rehearse: 'true' });
  expect(message).toContain('file=apps/app/src/app.erl');
  expect(message).toContain('No hot upgrade: ');
  expect(message).toContain('code_change');
  expect(run.outputs.verdict).toBe('refused');
  expect(run.outputs).not.toHaveProperty('tarball');
});

test('a hand-written appup for the coming version is used', async () => {
  const repository = changed({
    'apps/back/src/back.erl': '-module(back).\n-export([value/0]).\nvalue() -> 2.\n',
    'apps/back/src/back.appup.src': loadModule('1.4.0', '1.0.0', 'back'),
  });
  const run = await checks(repository, { rehearse: 'false', appups: 'require' });
  expect(run.exitCode, run.log).toBe(0);
  expect(run.log).toContain('back 1.0.0 counts as 1.4.0 in this run.');
  expect(run.log).toContain('back 1.4.0: hand-written appup apps/back/src/back.appup.src');
  expect(run.outputs.verdict).toBe('unproven');
});

test('versions from git, a script and a file: each is raised where only a person could', async () => {
  const script = `[{application, back, Properties}] = CONFIG,
{ok, Text} = file:read_file(filename:join(filename:dirname(SCRIPT), "../VERSION")),
[{application, back, lists:keystore(vsn, 1, Properties, {vsn, string:trim(binary_to_list(Text))})}].\n`;
  const files = {
    'rebar.config': rebarConfig('git', { applications: 'app, back, sasl' }),
    ...serverApplication('app', 'git', 'old', 'apps/app/'),
    ...libraryApplication('back', '0', '1', 'apps/back/'),
    'apps/back/src/back.app.src.script': script,
    'apps/back/VERSION': '1.0.0\n',
  };
  const repository = changed(
    {
      'apps/back/src/back.erl': '-module(back).\n-export([value/0]).\nvalue() -> 2.\n',
      'apps/app/src/app.appup.src': loadModule('1.1.0', '1.0.0', 'app'),
      'apps/app/src/app.erl': serverApplication('app', 'git', 'new')['src/app.erl'] ?? '',
    },
    files,
  );
  const run = await checks(repository, { rehearse: 'false', appups: 'generate' });
  expect(run.exitCode, run.log).toBe(0);
  expect(run.log).toContain('The application back 1.0.0 counts as 1.0.1 in this run.');
  expect(run.log).toContain('app 1.1.0: hand-written appup apps/app/src/app.appup.src');
  expect(run.log).toContain('Before you tag, raise the version of back (now 1.0.0)');
  expect(run.outputs.version).toMatch(/^1\.0\.0\+build\.1\.ref/);
});

test('without any release tag, the base of the pull request is upgraded from, its merge commit is checked', async () => {
  const repository = changed(
    {},
    {
      ...both('0.1.0'),
      'rebar.config': '{erl_opts, [debug_info]}.\n',
      'relx.config': `{release, {app, "0.1.0"}, [app, back, sasl]}.
{mode, prod}.
{extended_start_script, true}.\n`,
    },
  );
  repository.git('tag', '--delete', '1.0.0');
  const base = repository.git('rev-parse', 'HEAD');
  repository.git('checkout', '--quiet', '-b', 'topic');
  const more = (value: string) => `-module(back).\n-export([value/0]).\nvalue() -> ${value}.\n`;
  repository.write({ 'apps/back/src/back.erl': more('2') }).commit('First');
  repository.write({ 'apps/back/src/back.erl': more('3') }).commit('Second');
  const head = repository.git('rev-parse', 'HEAD');
  repository.git('checkout', '--quiet', 'main');
  repository.git('merge', '--quiet', '--no-ff', '-m', 'Merge', 'topic');
  repository.git('checkout', '--quiet', '--detach');
  const payload = {
    repository: { full_name: 'octo/project' },
    pull_request: {
      head: { sha: head, repo: { full_name: 'fork/project' } },
      base: { sha: base, repo: { full_name: 'octo/project' } },
    },
  };
  const run = await checks(repository, { rehearse: 'false' }, event('pull_request', payload));
  expect(run.exitCode, run.log).toBe(0);
  expect(run.log).toContain(`is upgraded from ${base.slice(0, 7)}, the commit before the change`);
  expect(run.outputs).toMatchObject({ version: '0.1.1', 'up-from': '["0.1.0"]' });
  expect(run.log).toContain('raise the version of the release app (now 0.1.0) in relx.config; back');
  const refused = await fails(repository, { mode: 'check' }, { env: event('pull_request_target', payload) });
  expect(refused.message).toContain('A check does not run here: anybody who opens a pull request starts');
});

test('a dependency at another commit under the same version counts as raised; one that is raised needs nothing', async () => {
  const library = keep(TestRepository.create());
  const dependency = (version: string, value: string) => libraryApplication('dep', version, value);
  library.write(dependency('1.0.0', '1')).commit('1.0.0');
  const first = library.git('rev-parse', 'HEAD');
  library.write(dependency('1.0.0', '2')).commit('not raised');
  const second = library.git('rev-parse', 'HEAD');
  const config = (ref: string) => ({
    'rebar.config': rebarConfig('1.0.0', {
      applications: 'app, dep, sasl',
      rest: `{deps, [{dep, {git, "file://${library.dir}", {ref, "${ref}"}}}]}.`,
    }),
    'rebar.lock': `[{<<"dep">>, {git, "file://${library.dir}", {ref, "${ref}"}}, 0}].\n`,
  });
  const repository = changed(config(second), {
    ...config(first),
    ...serverApplication('app', '1.0.0', 'old'),
  });
  const run = await checks(repository, { rehearse: 'false' });
  expect(run.exitCode, run.log).toBe(0);
  expect(run.log).toContain('dep 1.0.0 counts as 1.0.1 in this run.');
  expect(run.log).toContain('dep (now 1.0.0) in rebar.config');
  expect(run.log).toContain('dep 1.0.1: generated appup');
});

test('what cannot stand together is said at once', async () => {
  const repository = changed({});
  const { message } = await fails(repository, { mode: 'check', deploy: 'true', 'deploy-root': '/nowhere' });
  expect(message).toContain('`deploy: true` needs a release, and `mode: check` makes none.');
});
