import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startRunnerServices } from '../../scripts/runner-services/index.mjs';
import type { Manifest } from '../../src/model/manifest.js';
import { code } from '../../src/report/document/markdown.js';
import { fileHashes } from '../support/file-hashes.js';
import { removeRuns, runAction, type ActionRun } from '../support/action.js';
import { folder, keep, removeKept } from '../support/failures.js';
import {
  libraryApplication,
  loadModule,
  plainProject,
  projectRepository,
  rebarConfig,
  serverApplication,
} from '../support/projects.js';
import { unzip } from '../support/zip.js';
import { helloworldRepository, temporaryFolder, TestRepository } from '../support/repository.js';

afterAll(() => {
  removeRuns();
  removeKept();
});

function succeeded(run: ActionRun): ActionRun {
  expect(run.log.slice(-3000), run.log).not.toContain('::error');
  expect(run.exitCode).toBe(0);
  return run;
}

function manifestOf(run: ActionRun): Manifest {
  return JSON.parse(readFileSync(run.outputs.manifest as string, 'utf8')) as Manifest;
}

function members(tarball: string | undefined): string[] {
  return execFileSync('tar', ['tzf', tarball as string], { encoding: 'utf8' })
    .trim()
    .split('\n');
}

test('the how-to: a tag push without inputs gives packages, manifest, report, artifact and summary', async () => {
  const repository = keep(helloworldRepository());
  repository.write({ '_build/mine': 'untouched', 'notes.txt': 'untracked' });
  const before = fileHashes(repository.dir);
  const dir = temporaryFolder();
  const services = await startRunnerServices({ dir });
  try {
    const env = {
      ...services.env,
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'octo/helloworld',
      GITHUB_RUN_ID: '7',
      GITHUB_REF_TYPE: 'tag',
      GITHUB_REF_NAME: '0.2.0',
    };
    const run = succeeded(await runAction({ workspace: repository.dir, env }));
    expect(run.outputs).toMatchObject({
      'release-name': 'helloworld',
      version: '0.2.0',
      'up-from': '["0.1.0"]',
      'upgrade-kind': 'hot-unproven',
      verdict: 'unproven',
      'artifact-id': expect.stringMatching(/^\d+$/) as string,
      'artifact-url': expect.stringContaining('octo/helloworld/actions/runs/7/artifacts/') as string,
    });
    expect(fileHashes(repository.dir)).toEqual(before);
    expect(readdirSync(run.temp)).toHaveLength(1);

    const [artifact] = services.artifacts();
    expect(artifact?.name).toBe('helloworld-0.2.0-relup');
    expect(run.outputs['artifact-digest']).toBe(artifact?.digest.replace('sha256:', ''));
    unzip(artifact?.path as string, join(dir, 'unzipped'));
    expect(readdirSync(join(dir, 'unzipped')).sort()).toEqual([
      'helloworld-0.2.0.debug.tar.gz',
      'helloworld-0.2.0.manifest.json',
      'helloworld-0.2.0.tar.gz',
      'helloworld-0.2.0.upgrade.tar.gz',
      'report.html',
      'report.json',
    ]);
    expect(members(run.outputs['upgrade-tarball'])).toContain('releases/0.2.0/relup');
    expect(run.summary).toContain('# helloworld 0.2.0: upgrade from 0.1.0');
    expect(run.log).toContain('taken   0.1.0');

    // The re-run of a job has the same folders, and so the same bytes.
    const again = succeeded(await runAction({ workspace: repository.dir, env, temp: run.temp }));
    expect(again.outputs['artifact-id']).toBe(run.outputs['artifact-id']);
    expect(again.outputs['tarball-sha256']).toBe(run.outputs['tarball-sha256']);
  } finally {
    await services.close();
    rmSync(dir, { recursive: true, force: true });
  }
});

test('a first release is a plain package, and a success (H8)', async () => {
  const repository = keep(
    projectRepository({
      '1.0.0': { 'rebar.config': rebarConfig('1.0.0'), ...serverApplication('app', '1.0.0', 'old') },
    }),
  );
  const run = succeeded(await runAction({ workspace: repository.dir, inputs: { upload: 'false' } }));
  expect(run.outputs).toMatchObject({ 'upgrade-kind': 'none', verdict: 'none', 'up-from': '[]' });
  expect(run.outputs).not.toHaveProperty('upgrade-tarball');
  expect(members(run.outputs.tarball)).not.toContain('releases/1.0.0/relup');
  expect(run.summary).toContain('> [!NOTE]\n> <strong>Verdict: none.</strong>');
});

test('several up-from releases, refs and tarballs mixed, in one relup, up and down (H17, H36)', async () => {
  const entries = ['1.0.0', '1.1.0'].map((from) => `{"${from}", [{load_module, app}]}`).join(', ');
  const repository = keep(plainProject());
  const archived = join(folder(), 'app-1.0.0.tar.gz');
  repository.git('checkout', '--quiet', '1.0.0');
  const first = succeeded(await runAction({ workspace: repository.dir, inputs: { upload: 'false' } }));
  execFileSync('cp', [first.outputs.tarball as string, archived]);
  repository.git('checkout', '--quiet', 'main');
  repository.write({
    'rebar.config': rebarConfig('1.2.0'),
    ...serverApplication('app', '1.2.0', 'newest'),
    'src/app.appup.src': `{"{{vsn}}", [${entries}], [${entries}]}.\n`,
  });
  repository.commit('1.2.0');
  repository.tag('1.2.0');
  const inputs = { upload: 'false', 'upgrade-from': `auto\n${archived}` };
  const run = succeeded(await runAction({ workspace: repository.dir, inputs }));
  expect(JSON.parse(run.outputs['up-from'] as string)).toEqual(['1.1.0', '1.0.0']);
  const { relup, upFrom } = manifestOf(run);
  expect(relup?.up.map(({ version }) => version).sort()).toEqual(['1.0.0', '1.1.0']);
  expect(relup?.down.map(({ version }) => version).sort()).toEqual(['1.0.0', '1.1.0']);
  expect(upFrom.map(({ source }) => source)).toEqual(['ref', 'tarball']);
});

test('an umbrella in a subfolder, git dependencies, {vsn, git}, rebar.config.script, another profile, overlays, templates and a submodule', async () => {
  const dependency = keep(TestRepository.create());
  for (const version of ['0.1.0', '0.2.0']) {
    dependency.write(libraryApplication('dep', version, `"${version}"`));
    dependency.commit(version);
    dependency.tag(version);
  }
  const assets = keep(TestRepository.create());
  assets.write({ 'logo.txt': 'logo' });
  assets.commit('assets');
  const files = (dep: string, answer: string): Record<string, string> => ({
    'server/rebar.config': `{deps, [{dep, {git, "file://${dependency.dir}", {tag, "${dep}"}}}]}.
{relx, [{release, {shop, git}, [front, back, dep, sasl]}, {sys_config_src, "config/sys.config.src"}, {vm_args_src, "config/vm.args.src"},
  {overlay, [{mkdir, "etc"}, {copy, "../assets/logo.txt", "etc/logo.txt"}, {template, "config/info", "releases/{{release_version}}/info"}]}, {dev_mode, true}]}.
{profiles, [{embedded, [{relx, [{dev_mode, false}, {include_erts, false}]}]}]}.\n`,
    'server/rebar.config.script':
      'case os:getenv("RELUP_ROLE") of _ -> lists:keystore(erl_opts, 1, CONFIG, {erl_opts, [debug_info]}) end.\n',
    'server/config/sys.config.src': '[{front, [{host, "${FRONT_HOST}"}]}].\n',
    'server/config/vm.args.src': '-sname ${NODE_NAME}\n-setcookie shop\n',
    'server/config/info': '{{release_name}} {{release_version}}\n',
    ...serverApplication('front', 'git', answer, 'server/apps/front/'),
    ...libraryApplication('back', 'git', answer, 'server/apps/back/'),
  });
  const repository = keep(TestRepository.create());
  repository.write({ '.gitignore': '_build/\n', ...files('0.1.0', 'old') });
  repository.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '--quiet', assets.dir, 'assets');
  repository.commit('first');
  repository.tag('1.0.0');
  repository.write({
    ...files('0.2.0', 'new'),
    'server/apps/front/src/front.appup.src':
      'Load = [{load_module, front}],\n{"{{vsn}}", [{<<"1\\\\.0\\\\..*">>, Load}], [{<<"1\\\\.0\\\\..*">>, Load}]}.\n',
    'server/apps/back/src/back.appup.src': loadModule('1.1.0', '1.0.0', 'back'),
    'server/appups/dep.appup.src': loadModule('0.2.0', '0.1.0', 'dep'),
  });
  repository.commit('second');
  repository.tag('1.1.0');
  const before = fileHashes(join(repository.dir, '.git'));
  const inputs = { upload: 'false', 'working-directory': 'server', profile: 'embedded' };
  const env = { GIT_ALLOW_PROTOCOL: 'file' };
  const run = succeeded(await runAction({ workspace: repository.dir, inputs, env }));
  expect(fileHashes(join(repository.dir, '.git'))).toEqual(before);
  const { appups, includesErts, applications } = manifestOf(run);
  expect(includesErts).toBe(false);
  expect(applications.find(({ name }) => name === 'front')?.version).toBe('1.1.0');
  expect(appups.map(({ application, file, up }) => [application, file, up[0]?.pattern])).toEqual([
    ['back', 'apps/back/src/back.appup.src', '"1.0.0"'],
    ['dep', 'appups/dep.appup.src', '"0.1.0"'],
    ['front', 'apps/front/src/front.appup.src', '<<"1\\.0\\..*">>'],
  ]);
  const upgrade = members(run.outputs['upgrade-tarball']);
  expect(upgrade).toContain('releases/1.1.0/info');
  expect(upgrade).toContain('releases/1.1.0/sys.config.src');
  expect(upgrade).not.toContain('etc/logo.txt');
  expect(members(run.outputs.tarball)).toContain('etc/logo.txt');
});

test('prepare runs in every worktree and gets the ref through the environment', async () => {
  const files = (version: string, answer: string): Record<string, string> => ({
    'rebar.config': rebarConfig(version),
    ...serverApplication('app', version, `${answer}_made:value()`),
  });
  const repository = keep(
    projectRepository({ '1.0.0': files('1.0.0', 'old'), '1.1.0': files('1.1.0', 'new') }),
  );
  repository.write({
    'src/app.appup.src': `{"1.1.0",
 [{"1.0.0", [{add_module, new_made}, {load_module, app}, {delete_module, old_made}]}],
 [{"1.0.0", [{add_module, old_made}, {load_module, app}, {delete_module, new_made}]}]}.\n`,
  });
  repository.commit('appup');
  repository.git('tag', '--force', '1.1.0');
  const prepare = `set -u
case "$RELUP_ROLE" in new) name=new;; up-from) name=old;; esac
printf -- '-module(%s_made).\\n-export([value/0]).\\nvalue() -> "%s".\\n' $name "$RELUP_REF" > src/\${name}_made.erl`;
  const run = succeeded(await runAction({ workspace: repository.dir, inputs: { upload: 'false', prepare } }));
  const app = (list: Manifest['applications']) =>
    Object.keys(list.find(({ name }) => name === 'app')?.modules ?? {});
  expect(app(manifestOf(run).applications)).toContain('new_made');
  expect(app(manifestOf(run).upFrom[0]?.applications ?? [])).toContain('old_made');
  expect(existsSync(join(repository.dir, 'src/new_made.erl'))).toBe(false);
});

test('a run on the default branch warms the cache, a tag run restores the up-from release from it', async () => {
  const repository = keep(plainProject());
  const dir = temporaryFolder();
  const services = await startRunnerServices({ dir });
  const event = join(dir, 'event.json');
  writeFileSync(event, JSON.stringify({ repository: { default_branch: 'main' } }));
  const env = { ...services.env, GITHUB_SERVER_URL: 'https://github.com', GITHUB_EVENT_PATH: event };
  const tagRun = { ...env, GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: '1.1.0' };
  const start = (more: Record<string, string>) =>
    runAction({ workspace: repository.dir, inputs: { upload: 'false' }, env: { ...env, ...more } });
  try {
    const cold = succeeded(await start(tagRun));
    expect(services.caches()).toHaveLength(0);
    expect(manifestOf(cold).upFrom[0]?.source).toBe('ref');
    succeeded(await start({ GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: 'main' }));
    expect(services.caches()).toHaveLength(2);
    const warm = succeeded(await start(tagRun));
    expect(manifestOf(warm).upFrom[0]?.source).toBe('cache');
    expect(manifestOf(warm).relup).toEqual(manifestOf(cold).relup);
    const off = await runAction({
      workspace: repository.dir,
      inputs: { upload: 'false', cache: 'false' },
      env: tagRun,
    });
    expect(manifestOf(off).upFrom[0]?.source).toBe('ref');
    services.inject({ method: 'GetCacheEntryDownloadURL', kind: 'refuse', times: 50 });
    expect(manifestOf(succeeded(await start(tagRun))).upFrom[0]?.source).toBe('ref');
  } finally {
    await services.close();
    rmSync(dir, { recursive: true, force: true });
  }
});

test("shipped appups are used: a dependency's own, and OTP's, whose entries are expressions (H29, H32)", async () => {
  const dependency = keep(TestRepository.create());
  for (const version of ['0.1.0', '0.2.0']) {
    dependency.write({
      ...libraryApplication('dep', version, `"${version}"`),
      'src/dep.appup.src': loadModule('0.2.0', '0.1.0', 'dep'),
    });
    dependency.commit(version);
    dependency.tag(version);
  }
  const files = (version: string, dep: string): Record<string, string> => ({
    'rebar.config': rebarConfig(version, {
      applications: 'app, dep, runtime_tools, sasl',
      rest: `{deps, [{dep, {git, "file://${dependency.dir}", {tag, "${dep}"}}}]}.`,
    }),
    ...serverApplication('app', '1.0.0', 'same'),
  });
  const repository = keep(
    projectRepository({ '1.0.0': files('1.0.0', '0.1.0'), '1.1.0': files('1.1.0', '0.2.0') }),
  );
  const dir = folder();
  repository.git('checkout', '--quiet', '1.0.0');
  const first = succeeded(await runAction({ workspace: repository.dir, inputs: { upload: 'false' } }));
  // The same release with an earlier runtime_tools: what a patch of OTP that leaves the core alone looks like.
  execFileSync('tar', ['xzf', first.outputs.tarball as string, '-C', dir]);
  const [tools = ''] = readdirSync(join(dir, 'lib')).filter((name) => name.startsWith('runtime_tools-'));
  const version = tools.replace('runtime_tools-', '');
  const earlier = 'runtime_tools-0.9';
  execFileSync('mv', [join(dir, 'lib', tools), join(dir, 'lib', earlier)]);
  execFileSync('sed', [
    '-i',
    `s/{vsn, *"[^"]*"}/{vsn,"0.9"}/`,
    join(dir, 'lib', earlier, 'ebin/runtime_tools.app'),
  ]);
  for (const rel of ['releases/app.rel', 'releases/1.0.0/app.rel', 'releases/app-1.0.0.rel']) {
    execFileSync('sed', [
      '-i',
      '-z',
      '-E',
      `s/\\{runtime_tools,\\s*"${version}"/{runtime_tools,"0.9"/`,
      join(dir, rel),
    ]);
  }
  const archived = join(dir, 'app-1.0.0.tar.gz');
  execFileSync('tar', ['czf', archived, '-C', dir, 'lib', 'releases', 'bin']);
  repository.git('checkout', '--quiet', 'main');
  const inputs = { upload: 'false', 'upgrade-from': archived };
  const run = succeeded(await runAction({ workspace: repository.dir, inputs }));
  const { appups, relup } = manifestOf(run);
  expect(appups.map(({ application, origin, up }) => [application, origin, up[0]?.pattern])).toEqual([
    ['dep', 'shipped', '"0.1.0"'],
    ['runtime_tools', 'shipped', '<<".*">>'],
  ]);
  expect(relup?.up[0]?.instructions.join()).toContain('runtime_tools');
  const upgrade = members(run.outputs['upgrade-tarball']);
  expect(upgrade.filter((name) => name.endsWith('.appup')).sort()).toEqual([
    'lib/dep-0.2.0/ebin/dep.appup',
    `lib/${tools}/ebin/runtime_tools.appup`,
  ]);
  expect(run.summary).toContain(`entry ${code('<<".*">>')}`);
});

test('a release that was built in another folder, with other debug information, differs in nothing (H18)', async () => {
  const repository = keep(plainProject());
  const library = libraryApplication('app', '1.0.0', 'same');
  repository.write({ ...library, 'rebar.config': rebarConfig('2.0.0') });
  repository.git('rm', '--quiet', '--force', 'src/app_app.erl', 'src/app.appup.src');
  repository.commit('2.0.0');
  repository.tag('2.0.0');
  const elsewhere = succeeded(
    await runAction({ workspace: repository.dir, inputs: { upload: 'false', 'upgrade-from': 'none' } }),
  );
  repository.write({ 'rebar.config': rebarConfig('2.1.0').replace('[debug_info]', '[no_debug_info]') });
  repository.commit('2.1.0');
  repository.tag('2.1.0');
  const inputs = { upload: 'false', 'upgrade-from': elsewhere.outputs.tarball as string };
  const run = succeeded(await runAction({ workspace: repository.dir, inputs }));
  expect(run.summary).toContain('No application differs.');
  expect(manifestOf(run).appups).toEqual([]);
  expect(run.outputs['upgrade-kind']).toBe('hot-unproven');
});
