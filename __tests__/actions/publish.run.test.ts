import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { startGithubReleases, type GithubReleases } from '../../scripts/github-releases/index.mjs';
import type { Manifest } from '../../src/model/manifest.js';
import { removeRuns, runAction, type ActionRun } from '../support/action.js';
import { failure, folder, keep, removeKept } from '../support/failures.js';
import { plainProject } from '../support/projects.js';
import { helloworldRepository, type TestRepository } from '../support/repository.js';

let github: GithubReleases;
beforeEach(async () => {
  github = await startGithubReleases({ dir: folder() });
});
afterEach(() => github.close());
afterAll(() => {
  removeRuns();
  removeKept();
});

/** A rebar3 that notes where it was called. */
function watchedRebar3(): { PATH: string; calls: () => string[] } {
  const bin = folder();
  const log = join(bin, 'calls');
  const real = execFileSync('which', ['rebar3'], { encoding: 'utf8' }).trim();
  writeFileSync(join(bin, 'rebar3'), `#!/bin/sh\npwd >> '${log}'\nexec '${real}' "$@"\n`);
  chmodSync(join(bin, 'rebar3'), 0o755);
  const calls = () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n') : []);
  return { PATH: `${bin}:${process.env.PATH}`, calls };
}

interface Start {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** RUNNER_TEMP, which code may know. */
  readonly temp?: string;
}

/** A run for a pushed tag, as the runner starts it. */
function tagRun(
  repository: TestRepository,
  tag: string,
  { env, inputs, ...more }: Start = {},
): Promise<ActionRun> {
  repository.git('checkout', '--quiet', '--detach', tag);
  github.releases.tags.set(tag, repository.git('rev-parse', 'HEAD'));
  return runAction({
    workspace: repository.dir,
    inputs: { upload: 'false', 'github-token': github.token, ...inputs },
    env: { ...github.env, GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: tag, ...env },
    ...more,
  });
}

function manifestOf(run: ActionRun): Manifest {
  return JSON.parse(readFileSync(run.outputs.manifest as string, 'utf8')) as Manifest;
}

const filesOf = (tag: string) => {
  const release = github.releases.all.find((one) => one.tag === tag);
  return release === undefined
    ? []
    : github.releases
        .assetsOf(release)
        .map(({ name }) => name)
        .sort();
};

test('what was published is what is upgraded from: nothing of it is built, and the rehearsal proves it', async () => {
  const repository = keep(helloworldRepository());
  const first = await tagRun(repository, '0.1.0', { inputs: { publish: 'release' } });
  expect(first.exitCode, first.log).toBe(0);
  expect(first.outputs).toMatchObject({
    verdict: 'none',
    'release-url': 'https://github.com/octo/project/releases/tag/0.1.0',
  });
  expect(first.summary).toContain(
    'GitHub release: [0.1.0](https://github.com/octo/project/releases/tag/0.1.0)',
  );
  expect(filesOf('0.1.0')).toEqual([
    'SHA256SUMS',
    'helloworld-0.1.0.debug.tar.gz',
    'helloworld-0.1.0.manifest.json',
    'helloworld-0.1.0.tar.gz',
  ]);
  const old = repository.git('rev-parse', '0.1.0');
  const { PATH, calls } = watchedRebar3();
  const inputs = { publish: 'release', rehearse: 'required' };
  const temp = folder();
  const second = await tagRun(repository, '0.2.0', { inputs, env: { PATH }, temp });
  expect(second.exitCode, second.log).toBe(0);
  expect(second.outputs).toMatchObject({ verdict: 'hot', 'up-from': '["0.1.0"]' });
  expect(calls().filter((place) => place.includes(old.slice(0, 12)))).toEqual([]);
  expect(calls().join('\n')).toContain(repository.git('rev-parse', '0.2.0').slice(0, 12));
  expect(second.log).toContain(
    '0.1.0: the package of its GitHub release, https://github.com/octo/project/releases/tag/0.1.0',
  );
  expect(second.summary).toContain(
    'The package of the GitHub release 0.1.0 is taken, and nothing of it built.',
  );
  expect(second.summary).toContain(`, 0.1.0 (published), commit <code>${old.slice(0, 12)}</code>`);
  expect(second.summary).toContain('gh release download 0.1.0 --pattern helloworld-0.1.0.tar.gz');
  expect(manifestOf(second).upFrom).toMatchObject([{ version: '0.1.0', source: 'tarball', commit: old }]);
  expect(filesOf('0.2.0')).toEqual([
    'SHA256SUMS',
    'helloworld-0.2.0.debug.tar.gz',
    'helloworld-0.2.0.manifest.json',
    'helloworld-0.2.0.tar.gz',
    'helloworld-0.2.0.upgrade.tar.gz',
  ]);
  expect(github.releases.all).toMatchObject([
    {
      tag: '0.2.0',
      draft: false,
      body: expect.stringContaining('upgrade from 0.1.0, verdict `hot`') as string,
    },
    { tag: '0.1.0', draft: false },
  ]);
  expect(github.releases.storageSawToken).toBe(false);
  for (const run of [first, second]) expect(run.log + run.summary).not.toContain(github.token);

  // A re-run makes the same bytes, and so has nothing to upload.
  const uploads = github.requests().filter((name) => name === 'UploadReleaseAsset').length;
  const again = await tagRun(repository, '0.2.0', { inputs, temp });
  expect(again.exitCode, again.log).toBe(0);
  expect(github.requests().filter((name) => name === 'UploadReleaseAsset')).toHaveLength(uploads);
});

test('a release without packages: auto builds the tag and says so; release says what to write; the API failing is a warning', async () => {
  const repository = keep(plainProject());
  github.releases.add({ tag: '1.0.0' });
  const built = await tagRun(repository, '1.1.0', { inputs: { publish: 'release' } });
  expect(built.exitCode, built.log).toBe(0);
  expect(built.log).toContain('1.0.0 is built: the GitHub release 1.0.0 has no manifest of this release.');
  expect(built.outputs).toMatchObject({ verdict: 'unproven' });
  expect(filesOf('1.1.0')).toContain('app-1.1.0.upgrade.tar.gz');

  const { message } = failure(await tagRun(repository, '1.1.0', { inputs: { 'upgrade-from': 'release' } }));
  expect(message).toContain(
    'upgrade-from: release finds no GitHub release with packages of relup-action among the earlier releases (1.0.0).',
  );
  const named = failure(await tagRun(repository, '1.1.0', { inputs: { 'upgrade-from': 'release:1.0.0' } }));
  expect(named.message).toContain(
    'upgrade-from: there is no published package of 1.0.0: the GitHub release 1.0.0 has no manifest of this release.',
  );

  github.inject({
    method: 'GetReleaseByTag',
    kind: 'status',
    status: 403,
    headers: { 'retry-after': '7200' },
  });
  const limited = await tagRun(repository, '1.1.0');
  expect(limited.exitCode, limited.log).toBe(0);
  expect(limited.log).toMatch(
    /^::warning title=relup%3A published-unknown::1\.0\.0 is built, because nobody knows/m,
  );
  expect(manifestOf(limited).upFrom).toMatchObject([{ version: '1.0.0', source: 'ref' }]);
});

test('several published packages; release passes over a tag that was never published; a damaged one is refused', async () => {
  const repository = keep(plainProject());
  for (const tag of ['1.0.0', '1.1.0']) {
    const run = await tagRun(repository, tag, { inputs: { publish: 'release' } });
    expect(run.exitCode, run.log).toBe(0);
  }
  const app = (version: string) => {
    const text = readFileSync(join(repository.dir, 'src/app.app.src'), 'utf8');
    const config = readFileSync(join(repository.dir, 'rebar.config'), 'utf8');
    repository.write({
      'src/app.app.src': text.replace(/vsn, "[^"]*"/, `vsn, "${version}"`),
      'rebar.config': config.replace(/\{release, \{app, "[^"]*"/, `{release, {app, "${version}"`),
      'src/app.appup.src': '',
    });
    repository.git('rm', '--quiet', '--cached', '--ignore-unmatch', 'src/app.appup.src');
    repository.write({ '.gitignore': '_build/\nsrc/app.appup.src\n' });
    repository.commit(version);
    repository.tag(version);
  };
  repository.git('checkout', '--quiet', 'main');
  app('1.2.0');
  app('1.3.0');
  const inputs = { 'upgrade-from': 'release\nrelease:1.0.0' };
  const run = await tagRun(repository, '1.3.0', { inputs });
  expect(run.exitCode, run.log).toBe(0);
  expect(run.outputs['up-from']).toBe('["1.1.0","1.0.0"]');
  expect(run.log).toContain('dropped 1.2.0: no GitHub release with packages');
  expect(manifestOf(run).upFrom.map(({ source }) => source)).toEqual(['tarball', 'tarball']);

  const damaged = github.releases.assets.find(({ name }) => name === 'app-1.1.0.tar.gz');
  if (damaged !== undefined) github.releases.replace(damaged, 'damaged');
  const { message } = failure(await tagRun(repository, '1.3.0', { inputs: { 'upgrade-from': 'release' } }));
  expect(message).toContain(
    'The file app-1.1.0.tar.gz of the GitHub release 1.1.0 is not what was published',
  );

  const manifest = github.releases.assets.find(({ name }) => name === 'app-1.0.0.manifest.json');
  if (manifest !== undefined) github.releases.replace(manifest, '{"manifestVersion":1}');
  const automatic = failure(await tagRun(repository, '1.1.0'));
  expect(automatic.message).toContain('The manifest app-1.0.0.manifest.json was changed or damaged');
});

test('what really runs is upgraded from: its published package, unless that was made of another commit', async () => {
  const repository = keep(plainProject());
  const first = await tagRun(repository, '1.0.0', { inputs: { publish: 'release' } });
  expect(first.exitCode, first.log).toBe(0);
  const commit = repository.git('rev-parse', '1.0.0');
  const file = join(folder(), 'node.json');
  const inputs = { 'upgrade-from': `deployed:${file}` };
  writeFileSync(file, JSON.stringify({ name: 'app', version: '1.0.0', commit }));
  const taken = await tagRun(repository, '1.1.0', { inputs });
  expect(taken.exitCode, taken.log).toBe(0);
  expect(manifestOf(taken).upFrom).toMatchObject([{ version: '1.0.0', source: 'tarball', commit }]);

  repository.git('checkout', '--quiet', '-b', 'patched', '1.0.0');
  const patched = repository.write({ 'notes.txt': 'patched by hand' }).commit('patched');
  writeFileSync(file, JSON.stringify({ name: 'app', version: '1.0.0', commit: patched }));
  const built = await tagRun(repository, '1.1.0', { inputs });
  expect(built.exitCode, built.log).toBe(0);
  expect(built.log).toContain(
    `1.0.0 is built: what runs was made of ${patched.slice(0, 7)}, its published package of`,
  );
  expect(manifestOf(built).upFrom).toMatchObject([{ version: '1.0.0', source: 'ref', commit: patched }]);

  writeFileSync(file, JSON.stringify({ name: 'app', version: '1.1.0' }));
  const { message } = failure(await tagRun(repository, '1.1.0', { inputs }));
  expect(message).toContain('upgrade-from: all that is deployed is the new release already, 1.1.0.');
});

test('only a run for a tag publishes, and nothing that was refused', async () => {
  const repository = keep(
    plainProject({ 'src/app.appup.src': '{"1.1.0", [{"1.0.0", [{load_module, nope}]}], []}.\n' }),
  );
  const env = { GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: 'main' };
  const onBranch = await tagRun(repository, '1.0.0', { inputs: { publish: 'release' }, env });
  expect(onBranch.exitCode, onBranch.log).toBe(0);
  expect(onBranch.log).toContain(
    '::notice::Nothing is published: this workflow run is not for the tag of the new release (branch main).',
  );
  const inputs = { publish: 'release', appups: 'require' };
  const refused = await tagRun(repository, '1.1.0', { inputs });
  expect(refused.exitCode, refused.log).toBe(1);
  expect(refused.outputs).toMatchObject({ verdict: 'refused' });
  expect(github.releases.all).toEqual([]);
});
