import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { removeRuns, runAction } from '../support/action.js';
import { fails, folder, keep, pathWith, removeKept } from '../support/failures.js';
import {
  libraryApplication,
  loadModule,
  plainProject,
  projectRepository,
  rebarConfig,
  serverApplication,
} from '../support/projects.js';
import { rebar3WithVersionOnly } from '../support/rebar3-file.js';

afterAll(() => {
  removeRuns();
  removeKept();
});

test.each([
  [
    '{dev_mode, true}, {include_erts, true}',
    'was assembled in dev_mode: lib/',
    '{dev_mode, false}, {include_erts, true}',
  ],
  [
    '{dev_mode, false}, {include_erts, true}, {system_libs, false}',
    'lacks the folders of kernel',
    '{system_libs, true}',
  ],
])(
  'a relx configuration that release_handler cannot upgrade is refused with the line to write: %s (H19)',
  async (relx, message, remedy) => {
    const repository = keep(plainProject({ 'rebar.config': rebarConfig('1.1.0', { relx }) }));
    const failed = await fails(repository);
    expect(failed.message).toContain(message);
    expect(failed.message).toContain(remedy);
    expect(failed.message).toContain('file=rebar.config');
    expect(failed.run.outputs.verdict).toBe('refused');
  },
);

test('a release without sasl is refused (H20)', async () => {
  const repository = keep(plainProject({ 'rebar.config': rebarConfig('1.1.0', { applications: 'app' }) }));
  expect((await fails(repository)).message).toContain('does not contain sasl');
});

test('a tag nobody raised the version for is refused, on either side (H6, H40)', async () => {
  const repository = keep(plainProject());
  repository.git('tag', '1.2.0', '1.1.0');
  const newer = await fails(repository, {}, { env: { GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: '1.2.0' } });
  expect(newer.message).toContain(
    'The git tag is 1.2.0 but the release version built at tag 1.2.0 is 1.1.0.',
  );
  repository.git('tag', '--delete', '1.2.0', '1.0.0');
  repository.git('tag', '0.9.0', 'main~1');
  expect((await fails(repository)).message).toContain(
    'The git tag is 0.9.0 but the release version built at tag 0.9.0 is 1.0.0.',
  );
});

test('code that changed under one application version is refused, with application, module and line (H14)', async () => {
  const library = (value: string) => libraryApplication('back', '1.0.0', value, 'apps/back/');
  const front = (version: string, answer: string) => serverApplication('app', version, answer, 'apps/app/');
  const config = (version: string) => rebarConfig(version, { applications: 'app, back, sasl' });
  const repository = keep(
    projectRepository({
      '1.0.0': { 'rebar.config': config('1.0.0'), ...library('1'), ...front('1.0.0', 'old') },
      '1.1.0': {
        'rebar.config': config('1.1.0'),
        ...library('2'),
        ...front('1.1.0', 'new'),
        'apps/app/src/app.appup.src': loadModule('1.1.0', '1.0.0', 'app'),
      },
    }),
  );
  const { message } = await fails(repository);
  expect(message).toContain('Code changed but the application version did not: back 1.0.0 (back).');
  expect(message).toContain('file=apps/back/src/back.app.src,line=1');
  expect(message).toContain('in apps/back/src/back.app.src (line 1)');
});

test('all applications without a valid appup are named at once, with the files to write (H23, H29)', async () => {
  const files = (version: string, answer: string): Record<string, string> => ({
    'rebar.config': rebarConfig(version, { applications: 'app, back, sasl' }),
    ...serverApplication('app', version, answer, 'apps/app/'),
    ...libraryApplication('back', version, answer, 'apps/back/'),
  });
  const repository = keep(
    projectRepository({
      '1.0.0': files('1.0.0', 'old'),
      '1.1.0': {
        ...files('1.1.0', 'new'),
        'apps/app/src/app.appup.src': loadModule('1.0.9', '1.0.0', 'app'),
      },
    }),
  );
  const { message, run } = await fails(repository, { appups: 'require' });
  expect(message).toContain(
    'app 1.0.0 → 1.1.0 (apps/app/src/app.appup.src: it is for version 1.0.9, not 1.1.0',
  );
  expect(message).toContain('back 1.0.0 → 1.1.0 (no appup found)');
  expect(message).toContain(
    'apps/back/src/back.appup.src:\n%% coding: utf-8\n{"1.1.0",\n [{"1.0.0",\n   [{load_module,back}]}],',
  );
  expect(run.summary).toContain('> [!CAUTION]\n> <strong>Verdict: refused.</strong>');
  expect(run.summary).toContain('| <code>back</code> | 1.0.0 → 1.1.0 | 1 changed |');
  expect(run.outputs).toMatchObject({ version: '1.1.0', 'up-from': '["1.0.0"]' });
});

test.each([
  ['{"1.1.0", [{"1.0.0" [{load_module, app}]}], []}.', 'line 1: syntax error before'],
  ['{"1.1.0", [{<<"1.(">>, []}], []}.', 'the version expression'],
  ['X = 1, {"1.1.0", Y, []}.', 'its expressions failed with error: {unbound'],
  ['[].', 'its value is not of the form {Vsn, '],
])('an appup that cannot be read says why: %s', async (text, why) => {
  const { message } = await fails(keep(plainProject({ 'src/app.appup.src': text })));
  expect(message).toContain(`The appup src/app.appup.src cannot be used: ${why}`);
  expect(message).toContain('file=src/app.appup.src');
});

test('what systools says of an appup reaches the user in words (H41)', async () => {
  const text =
    '{"1.1.0", [{"1.0.0", [{load_module, app}, {frobnicate, app}]}], [{"1.0.0", [{load_module, app}]}]}.';
  const { message } = await fails(keep(plainProject({ 'src/app.appup.src': text })));
  expect(message).toContain('No relup can be made for app 1.1.0:');
  expect(message).toContain('frobnicate');
});

test('an appup that leaves a changed module out is refused, naming the module and the direction (H21, H31)', async () => {
  const text = '{"1.1.0", [{"1.0.0", []}], [{"1.0.0", [{load_module, app}]}]}.';
  const { message } = await fails(keep(plainProject({ 'src/app.appup.src': text })));
  expect(message).toContain('The relup does not load all code that differs (app, up from 1.0.0: app).');
  expect(message).toContain('file=src/app.appup.src');
});

test('a relup that restarts the emulator is refused unless allowed (H38)', async () => {
  const text =
    '{"1.1.0", [{"1.0.0", [{load_module, app}, restart_emulator]}], [{"1.0.0", [{load_module, app}]}]}.';
  const repository = keep(plainProject({ 'src/app.appup.src': text }));
  expect((await fails(repository)).message).toContain('The relup restarts the emulator (up from 1.0.0)');
  const inputs = { upload: 'false', 'allow-restart': 'true' };
  const allowed = await runAction({ workspace: repository.dir, inputs });
  expect(allowed.outputs).toMatchObject({ 'upgrade-kind': 'restart', verdict: 'restart' });
});

test('an up-from release of another OTP is refused, or restarted into when allowed (H11)', async () => {
  const repository = keep(plainProject());
  const dir = folder();
  repository.git('checkout', '--quiet', '1.0.0');
  const first = await runAction({ workspace: repository.dir, inputs: { upload: 'false' } });
  execFileSync('tar', ['xzf', first.outputs.tarball as string, '-C', dir]);
  for (const file of ['releases/app.rel', 'releases/1.0.0/app.rel', 'releases/app-1.0.0.rel']) {
    execFileSync('sed', ['-i', '-E', 's/\\{erts, *"[^"]*"\\}/{erts,"9.9"}/', join(dir, file)]);
  }
  execFileSync('tar', ['czf', join(dir, 'old.tar.gz'), '-C', dir, 'lib', 'releases', 'bin']);
  repository.git('checkout', '--quiet', 'main');
  const inputs = { 'upgrade-from': join(dir, 'old.tar.gz') };
  expect((await fails(repository, inputs)).message).toContain('from 1.0.0: erts 9.9 → ');
  const allowed = { upload: 'false', 'allow-restart': 'true', ...inputs };
  const run = await runAction({ workspace: repository.dir, inputs: allowed });
  expect(run.exitCode, run.log).toBe(0);
  expect(run.outputs).toMatchObject({ 'upgrade-kind': 'restart', verdict: 'restart' });
  expect(run.outputs).not.toHaveProperty('upgrade-tarball');
});

test.each([
  ['no such folder', { 'working-directory': 'nowhere' }, 'there is no such folder'],
  [
    'a folder without rebar.config',
    { 'working-directory': 'src' },
    'There is no rebar.config in the folder src at 1.1.0.',
  ],
  ['an unknown release name', { release: 'other' }, 'rebar.config defines no release named other'],
  ['an unknown ref', { 'upgrade-from': 'v9.9.9' }, 'v9.9.9'],
  ['a missing tarball', { 'upgrade-from': 'nowhere.tar.gz' }, 'nowhere.tar.gz'],
  [
    'a failing prepare command',
    { prepare: 'echo preparing\nfalse | true' },
    'The `prepare` command failed with exit status 1 at tag 1.1.0.',
  ],
])('%s', async (_, inputs, message) => {
  expect((await fails(keep(plainProject()), inputs)).message).toContain(message);
});

test('a Mix project is called by its name', async () => {
  const repository = keep(plainProject()).write({ 'src/mix.exs': '' });
  repository.commit('mix');
  repository.git('tag', '--force', '1.1.0');
  const { message } = await fails(repository, { 'working-directory': 'src' });
  expect(message).toContain('In the folder src at 1.1.0 there is a mix.exs but no rebar.config.');
});

test('tarballs that are none, or are damaged or hostile, are refused before anything is extracted or built (H105)', async () => {
  const repository = keep(plainProject());
  const dir = folder();
  writeFileSync(join(dir, 'text.tar.gz'), 'no archive');
  mkdirSync(join(dir, 'in/lib'), { recursive: true });
  writeFileSync(join(dir, 'outside'), 'x');
  execFileSync('tar', ['czPf', join(dir, 'climbs.tar.gz'), '-C', join(dir, 'in'), '../outside']);
  execFileSync('tar', ['czf', join(dir, 'empty.tar.gz'), '-C', join(dir, 'in'), 'lib']);
  symlinkSync('.', join(dir, 'in/lib/loop'));
  execFileSync('tar', ['czf', join(dir, 'loop.tar.gz'), '-C', join(dir, 'in'), 'lib']);
  for (const [name, why] of [
    ['text', 'text.tar.gz cannot be used as a release package'],
    ['climbs', '../outside'],
    ['empty', 'holds no releases/start_erl.data'],
    ['loop', 'loop.tar.gz holds the symbolic link lib/loop to the folder that it lies in'],
  ] as const) {
    const failed = await fails(repository, { 'upgrade-from': join(dir, `${name}.tar.gz`) });
    expect(failed.message).toContain(why);
    expect(failed.run.log).not.toContain('===> ');
  }
});

test('modified tracked files are refused: they would not be in the release (H13)', async () => {
  const repository = keep(plainProject());
  repository.write({ 'src/app.erl': 'changed' });
  expect((await fails(repository)).message).toContain('Tracked files are modified: src/app.erl.');
});

test('a folder that is no repository is refused', async () => {
  const dir = folder();
  const run = await runAction({
    workspace: dir,
    inputs: { upload: 'false' },
    env: { GIT_CEILING_DIRECTORIES: '/tmp' },
  });
  expect(run.exitCode).toBe(1);
  expect(run.log).toMatch(/::error .*repository/);
});

test('missing or unfit tools are told before anything is built (H112, H114)', async () => {
  const repository = keep(plainProject());
  for (const [programs, message] of [
    [{ rebar3: undefined }, 'rebar3 was not found on the PATH.'],
    [
      { rebar3: 'echo "{undef,[]}"; exit 1' },
      'rebar3 is installed but does not run on this Erlang/OTP: `rebar3 version` failed with exit status 1.',
    ],
    [
      // a shim, since what an escript's version is stands in its file
      { rebar3: '', timeout: 'case "$*" in *rebar3*) exit 124;; *) shift 3; exec "$@";; esac' },
      // a slow machine says nothing about the program
      'rebar3 version did not end within 180 seconds.',
    ],
    [{ erl: 'exit 1' }, 'Erlang/OTP is installed but does not work: `erl` failed with exit status 1.'],
    [{ git: undefined }, 'git was not found on the PATH.'],
    [{ erl: undefined }, 'Erlang/OTP was not found: there is no `erl` on the PATH.'],
  ] as const) {
    expect((await fails(repository, {}, { env: { PATH: pathWith(programs) } })).message).toContain(message);
  }
});

test('a rebar3 that this OTP cannot run is told as that, although its file tells a version (H114)', async () => {
  const path = pathWith({ rebar3: undefined });
  rebar3WithVersionOnly(join(path, 'rebar3'), '3.99.0');
  const { message } = await fails(keep(plainProject()), {}, { env: { PATH: path } });
  expect(message).toContain(
    'rebar3 is installed but does not run on this Erlang/OTP: `rebar3 version` failed with exit status 127.',
  );
});

test('a rebar3 that prints success and exits 1 has failed (H42)', async () => {
  const script = `case "$1" in version) echo "rebar 3.24.0 on Erlang/OTP 27 Erts 15";; *)
echo "===> Release successfully assembled: _build/prod/rel/app"; exit 1;; esac`;
  const failed = await fails(keep(plainProject()), {}, { env: { PATH: pathWith({ rebar3: script }) } });
  expect(failed.message).toContain(
    'The release could not be built at tag 1.1.0: rebar3 as prod tar failed with exit status 1.',
  );
});

test('build output cannot give the runner commands (H107)', async () => {
  const repository = keep(
    plainProject({
      'rebar.config.script':
        'io:format("::set-output name=x::y~n  ::add-mask::o~n##[error]boom~n"), CONFIG.\n',
    }),
  );
  const run = await runAction({ workspace: repository.dir, inputs: { upload: 'false' } });
  expect(run.exitCode, run.log).toBe(0);
  expect(run.log).toContain(': :set-output name=x::y');
  expect(run.log).not.toMatch(/^\s*::(set-output|add-mask)|##\[/m);
});

test('the up-from build is quiet unless it fails, and then shows why', async () => {
  const repository = keep(
    projectRepository({
      '1.0.0': {
        'rebar.config': rebarConfig('1.0.0'),
        ...serverApplication('app', '1.0.0', 'old'),
        'src/broken.erl': '-module(broken).\nx( -> 1.\n',
      },
      '1.1.0': {
        'rebar.config': rebarConfig('1.1.0'),
        ...serverApplication('app', '1.1.0', 'new'),
        'src/broken.erl': '-module(broken).\n',
      },
    }),
  );
  const { message, run } = await fails(repository);
  expect(message).toContain('The release could not be built at tag 1.0.0:');
  expect(run.log).toMatch(/::group::Details[\s\S]*src\/broken\.erl[\s\S]*::endgroup::/);
});
