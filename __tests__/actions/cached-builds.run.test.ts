import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { openEntry, sealEntry } from '../../src/build/cache/entry.js';
import { restoreFiles, saveFiles } from '../../src/build/cache/service.js';
import type { CacheKeyParts } from '../../src/build/cache/key.js';
import type { Manifest } from '../../src/model/manifest.js';
import { startRunnerServices } from '../../scripts/runner-services/index.mjs';
import { removeRuns, runAction, type ActionRun } from '../support/action.js';
import { libraryApplication, loadModule, projectRepository, rebarConfig } from '../support/projects.js';
import { serverApplication } from '../support/projects.js';
import { temporaryFolder, TestRepository } from '../support/repository.js';

type Services = Awaited<ReturnType<typeof startRunnerServices>>;

const PLUGIN = {
  'src/noting_plugin.app.src': `{application, noting_plugin, [{vsn, "1.0.0"}, {applications, [kernel, stdlib]}]}.\n`,
  'src/noting_plugin.erl': `-module(noting_plugin).\n-export([init/1]).\ninit(State) -> {ok, State}.\n`,
};

const CONTENTS = { files: ['dependencies.tar'], builtIn: [] };

const dir = temporaryFolder();
const origins = join(dir, 'origins');
let repository: TestRepository;
let first: Services;
let key: string;
/** A run that used no cache. */
let cold: ActionRun;

const manifestOf = (run: ActionRun): Manifest =>
  JSON.parse(readFileSync(run.outputs.manifest as string, 'utf8')) as Manifest;

/** Digests of all modules; bytes also depend on the folder that dependencies were compiled in. */
const codeOf = (run: ActionRun): unknown =>
  manifestOf(run).applications.map(({ name, version, modules }) => ({ name, version, modules }));

/** Everything that rebar3 would fetch from is gone while this runs: what it does not find in place it cannot get. */
async function offline<T>(work: () => Promise<T>): Promise<T> {
  renameSync(origins, `${origins}.away`);
  try {
    return await work();
  } finally {
    renameSync(`${origins}.away`, origins);
  }
}

async function start(
  services: Services,
  kind: 'branch' | 'tag',
  inputs: Record<string, string> = {},
): Promise<ActionRun> {
  const event = join(dir, 'event.json');
  writeFileSync(event, JSON.stringify({ repository: { default_branch: 'main' } }));
  const run = await runAction({
    workspace: repository.dir,
    inputs: { upload: 'false', rehearse: 'false', ...inputs },
    // The same for all: code knows the folder it was compiled in.
    temp: join(dir, 'runner-temp'),
    env: {
      ...services.env,
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_EVENT_PATH: event,
      GITHUB_REF_TYPE: kind,
      GITHUB_REF_NAME: kind === 'tag' ? repository.git('describe', '--tags').trim() : 'main',
    },
  });
  expect(run.exitCode, run.log).toBe(0);
  return run;
}

beforeAll(async () => {
  const dep = TestRepository.create(join(origins, 'dep'));
  const [old = '', now = ''] = ['1.0.0', '1.1.0'].map((version) =>
    dep
      .write(libraryApplication('dep', version, `{dep, "${version}"}`))
      .write({ 'src/dep.appup.src': loadModule('1.1.0', '1.0.0', 'dep') })
      .commit(version),
  );
  const plugin = TestRepository.create(join(origins, 'plugin')).write(PLUGIN);
  const pinned = plugin.commit('1.0.0');
  const files = (version: string, answer: string): Record<string, string> => ({
    'rebar.config': rebarConfig(version, {
      applications: 'app, dep, sasl',
      rest: `{deps, [{dep, {git, "file://${dep.dir}", {branch, "main"}}}]}.
{plugins, [{noting_plugin, {git, "file://${plugin.dir}", {ref, "${pinned}"}}}]}.`,
    }),
    'rebar.lock': `[{<<"dep">>,{git,"file://${dep.dir}",{ref,"${version === '1.0.0' ? old : now}"}},0}].\n`,
    ...serverApplication('app', version, answer),
    'src/app.appup.src': loadModule(version, version === '1.2.0' ? '1.1.0' : '1.0.0', 'app'),
  });
  repository = projectRepository({
    '1.0.0': files('1.0.0', 'one'),
    '1.1.0': files('1.1.0', 'two'),
    '1.2.0': files('1.2.0', 'three'),
  });
  repository.git('checkout', '--quiet', '1.1.0');
  first = await startRunnerServices({ dir: join(dir, 'first') });
  const onMain = await start(first, 'branch');
  expect(onMain.log).toContain('Compiling dep');
  repository.git('checkout', '--quiet', '1.2.0');
  // The new version's are saved first.
  key = first.caches().find((entry) => entry.key.includes('dependencies'))?.key ?? '';
  cold = await start(first, 'tag', { cache: 'false' });
}, 120_000);

afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(async () => {
  await first.close();
  removeRuns();
  rmSync(dir, { recursive: true, force: true });
  rmSync(repository.dir, { recursive: true, force: true });
});

test('dependencies and plugins that a run on the default branch compiled are neither fetched nor compiled again', async () => {
  expect(
    first
      .caches()
      .map((entry) => /^relup-v2-(\w+)-/.exec(entry.key)?.[1])
      .sort(),
  ).toEqual(['dependencies', 'dependencies', 'release', 'release']);
  const run = await offline(() => start(first, 'tag'));
  expect(run.log).toContain('1.2.0: compiled dependencies restored from the cache: dep, plugins');
  expect(run.log).toContain('1.1.0: app 1.1.0 restored from the cache.');
  expect(run.log).not.toMatch(/(Compiling|Fetching) (dep|noting_plugin)/);
  expect(run.log).toContain('Compiling app');
  expect(codeOf(run)).toEqual(codeOf(cold));
});

test('with cache: release nothing is built of a commit that a run on the default branch built', async () => {
  repository.git('checkout', '--quiet', '1.1.0');
  const built = await start(first, 'tag', { cache: 'false' });
  const run = await offline(() => start(first, 'tag', { cache: 'release', rehearse: 'required' }));
  repository.git('checkout', '--quiet', '1.2.0');
  for (const version of ['1.0.0', '1.1.0']) {
    expect(run.log).toContain(`${version}: app ${version} restored from the cache.`);
  }
  expect(run.log).not.toMatch(/Compiling|Assembling/);
  expect(run.outputs.verdict).toBe('hot');
  expect(codeOf(run)).toEqual(codeOf(built));
  // the shipped appup, too, which lies in no package
  expect(run.log).toContain('dep 1.1.0: shipped appup');
  expect(manifestOf(run).relup).toEqual(manifestOf(built).relup);
  expect(run.outputs['tarball-sha256']).toBe(built.outputs['tarball-sha256']);
});

/** A service that holds our entry after something was done to it. */
async function poisoned(
  name: string,
  change: (folder: string, parts: CacheKeyParts) => Promise<void>,
): Promise<Services> {
  const folder = join(dir, name, 'entry');
  const speak = (services: Services): void => {
    const variables = {
      ...services.env,
      GITHUB_SERVER_URL: 'https://github.com',
      RUNNER_TEMP: join(dir, name),
    };
    for (const [variable, value] of Object.entries(variables)) vi.stubEnv(variable, value);
  };
  speak(first);
  await restoreFiles(key, folder);
  const { parts } = JSON.parse(readFileSync(join(folder, 'entry.json'), 'utf8')) as { parts: CacheKeyParts };
  expect((await openEntry(folder, parts)).files).toHaveLength(1);
  await change(folder, parts);
  const second = await startRunnerServices({ dir: join(dir, name, 'services') });
  speak(second);
  expect(await saveFiles(key, folder, ['dependencies.tar', 'entry.json'])).toBe(true);
  return second;
}

const inside = (folder: string, work: (unpacked: string) => void): void => {
  const unpacked = join(folder, '..', 'unpacked');
  execFileSync('mkdir', [unpacked]);
  execFileSync('tar', ['-xf', join(folder, 'dependencies.tar'), '-C', unpacked]);
  work(unpacked);
  execFileSync('tar', ['-cf', join(folder, 'dependencies.tar'), '-C', unpacked, 'default']);
};

test.each<[string, (folder: string, parts: CacheKeyParts) => Promise<void>, string]>([
  [
    'damaged',
    (folder) => {
      appendFileSync(join(folder, 'dependencies.tar'), 'x');
      return Promise.resolve();
    },
    'its dependencies.tar is not the one that was saved',
  ],
  [
    'of another toolchain',
    async (folder, parts) => void (await sealEntry(folder, CONTENTS, { ...parts, otp: '24.0' })),
    'it was made with another otp',
  ],
  [
    'incomplete',
    async (folder, parts) => {
      inside(folder, (unpacked) => rmSync(join(unpacked, 'default/lib/dep/ebin'), { recursive: true }));
      await sealEntry(folder, CONTENTS, parts);
    },
    'dependencies are missing in it',
  ],
])('an entry that is %s costs time, and nothing else', async (_, change, reason) => {
  const services = await poisoned(reason.replaceAll(' ', '-'), change);
  try {
    const run = await start(services, 'tag');
    expect(run.log).toContain(
      `1.2.0: the cache entry of its dependencies is not used (${reason}); they are compiled.`,
    );
    expect(run.log).toContain('Compiling dep');
    expect(run.outputs['tarball-sha256']).toBe(cold.outputs['tarball-sha256']);
  } finally {
    await services.close();
  }
});

test('dependencies of another commit than rebar.lock names are fetched by rebar3, whatever the entry says', async () => {
  const services = await poisoned('other-commit', async (folder, parts) => {
    inside(folder, (unpacked) => {
      const dep = join(unpacked, 'default/lib/dep');
      writeFileSync(join(dep, 'src/dep.erl'), '-module(dep).\n-export([value/0]).\nvalue() -> foreign.\n');
      const author = ['-c', 'user.name=x', '-c', 'user.email=x@example.org'];
      execFileSync('git', [...author, 'commit', '--quiet', '--all', '--message', 'foreign'], { cwd: dep });
    });
    await sealEntry(folder, CONTENTS, parts);
  });
  try {
    const run = await start(services, 'tag');
    expect(run.log).toMatch(/(Fetching|Upgrading) dep/);
    expect(run.outputs['tarball-sha256']).toBe(cold.outputs['tarball-sha256']);
  } finally {
    await services.close();
  }
});
