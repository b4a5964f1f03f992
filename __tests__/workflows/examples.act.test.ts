import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { isAlive } from '../support/processes.js';
import {
  helloworldRepository,
  projectRoot,
  temporaryFolder,
  type TestRepository,
} from '../support/repository.js';
import { InstalledRelease } from '../support/running-release.js';
import { branchPush, dispatch, pullRequest, tagPush } from '../support/workflows/events.js';
import { expectCleanEnd } from '../support/workflows/expectations.js';
import { WorkflowRunner } from '../support/workflows/runner.js';

// The examples one after the other, as a project goes through them: main, a first tag, a node, a second tag.
const examples = join(projectRoot, 'examples/workflows');
const pullRequestCheck = join(examples, 'pull-request.yml');
const warmCache = join(examples, 'warm-cache.yml');
const release = join(examples, 'release.yml');
const deploy = join(examples, 'deploy.yml');
const publish = join(examples, 'publish.yml');
const buildAndDeploy = join(examples, 'build-and-deploy.yml');

let repository: TestRepository;
let runner: WorkflowRunner;
let downloads: string;
beforeAll(async () => {
  repository = helloworldRepository();
  repository.git('checkout', '--quiet', '--detach');
  downloads = temporaryFolder();
  runner = await WorkflowRunner.start();
});
afterAll(async () => {
  await runner.close();
  repository.remove();
  rmSync(downloads, { recursive: true, force: true });
});

test('these are all examples', () => {
  const found = readdirSync(examples).filter((name) => name.endsWith('.yml'));
  expect(found.map((name) => join(examples, name)).sort()).toEqual([
    buildAndDeploy,
    deploy,
    publish,
    pullRequestCheck,
    release,
    // in rolling.act.test.ts
    join(examples, 'rolling-deploy.yml'),
    warmCache,
  ]);
});

test('warm-cache.yml builds what is on main, and keeps it', async () => {
  repository.git('branch', '--force', 'main', '0.1.0');
  const run = await runner.run(warmCache, { repository, event: branchPush(repository, 'main') });
  await expectCleanEnd(run, 0);
  expect(runner.services.caches()).toHaveLength(1);
  expect(runner.services.artifacts()).toEqual([]);
});

test('release.yml by hand makes the packages of the tag that was typed in', async () => {
  repository.git('branch', '--force', 'main', '0.2.0');
  const event = dispatch(repository, 'branch', 'main', { tag: '0.1.0' });
  const run = await runner.run(release, { repository, event });
  await expectCleanEnd(run, 0);
  expect(run.step('release', 'relup').log).toContain('New release: 0.1.0');
  expect(artifactNames()).toEqual(['helloworld-0.1.0-relup']);
  const [artifact] = runner.services.artifacts();
  execFileSync('unzip', ['-q', artifact?.path as string, '-d', downloads]);
  expect(readdirSync(downloads)).toContain('helloworld-0.1.0.tar.gz');
});

test('deploy.yml upgrades the node that was installed from those packages', async () => {
  const installed = await InstalledRelease.install(join(downloads, 'helloworld-0.1.0.tar.gz'));
  try {
    const node = await installed.start();
    // It answers before all its applications run.
    await vi.waitFor(
      async () => expect(await installed.ask('helloworld helloworld')).toBe('"Helo, world!"'),
      { timeout: 30_000, interval: 500 },
    );
    const event = tagPush(repository, '0.2.0');
    const run = await runner.run(deploy, { repository, event, replace: { '/opt/myapp': installed.root } });
    await expectCleanEnd(run, 0);
    const { log, outputs } = run.step('deploy', 'relup');
    // The entry was made on a runner image of GitHub's, and this is the node's own machine.
    expect(log).not.toContain('restored from the cache');
    expect(outputs).toMatchObject({ 'deployed-version': '0.2.0', 'node-state': 'upgraded' });
    expect(run.output).toContain('The node is upgraded and runs 0.2.0');
    expect(await installed.ask('helloworld helloworld')).toBe('"Hello, world!"');
    expect(await installed.ask('helloworld calls')).toBe('2');
    expect(run.output).not.toContain(installed.cookie);
    expect(isAlive(node.pid)).toBe(true);
  } finally {
    await installed.remove();
  }
  expect(artifactNames()).toEqual(['helloworld-0.1.0-relup', 'helloworld-0.2.0-relup']);
});

test('build-and-deploy.yml upgrades the node in a job of its own', async () => {
  const other = await WorkflowRunner.start();
  const installed = await InstalledRelease.install(join(downloads, 'helloworld-0.1.0.tar.gz'));
  try {
    const node = await installed.start();
    expect(await installed.ask('helloworld helloworld')).toBe('"Helo, world!"');
    const event = tagPush(repository, '0.2.0');
    const replace = { '/opt/myapp': installed.root };
    const run = await other.run(buildAndDeploy, { repository, event, replace });
    await expectCleanEnd(run, 0);
    expect(run.step('deploy', 'deploy').outputs).toMatchObject({
      'release-name': 'helloworld',
      version: '0.2.0',
      'deployed-version': '0.2.0',
      'node-state': 'upgraded',
    });
    expect(run.output).toContain('The node is upgraded and runs 0.2.0');
    expect(await installed.ask('helloworld helloworld')).toBe('"Hello, world!"');
    expect(await installed.ask('helloworld calls')).toBe('2');
    expect(run.output).not.toContain(installed.cookie);
    expect(isAlive(node.pid)).toBe(true);
  } finally {
    await installed.remove();
    await other.close();
  }
});

test('release.yml for a pushed tag', async () => {
  const other = await WorkflowRunner.start();
  try {
    const run = await other.run(release, { repository, event: tagPush(repository, '0.2.0') });
    await expectCleanEnd(run, 0);
    expect(run.output).toMatch(
      /helloworld 0\.2\.0, verdict hot, upgrade from \["0\.1\.0"\]: https:\/\/github\.com\/octo\//,
    );
    expect(other.services.artifacts().map(({ name }) => name)).toEqual(['helloworld-0.2.0-relup']);
  } finally {
    await other.close();
  }
});

test('publish.yml attaches the packages, and upgrades from those of the release before', async () => {
  const other = await WorkflowRunner.start();
  try {
    for (const [tag, verdict] of [
      ['0.1.0', 'none'],
      ['0.2.0', 'hot'],
    ] as const) {
      const run = await other.run(publish, { repository, event: tagPush(repository, tag) });
      await expectCleanEnd(run, 0);
      expect(run.output).toContain(
        `${tag}, verdict ${verdict}: https://github.com/octo/project/releases/tag/${tag}`,
      );
      if (tag === '0.2.0') expect(run.output).toContain('0.1.0: the package of its GitHub release');
    }
    expect(other.github.releases.all).toMatchObject([
      { tag: '0.2.0', draft: false },
      { tag: '0.1.0', draft: false },
    ]);
  } finally {
    await other.close();
  }
});

test('pull-request.yml answers for a change whose version nobody raised, and makes nothing', async () => {
  repository.git('checkout', '--quiet', '-B', 'main', '0.2.0');
  repository.git('checkout', '--quiet', '-b', 'topic');
  const file = 'src/helloworld.erl';
  const source = readFileSync(join(repository.dir, file), 'utf8');
  repository
    .write({ [file]: source.replace('Hello, world!', 'Hello, pull request!') })
    .commit('Another greeting');
  const event = pullRequest(repository, 12, 'topic');
  repository.git('checkout', '--quiet', '--detach', '0.2.0');
  const other = await WorkflowRunner.start();
  try {
    const run = await other.run(pullRequestCheck, { repository, event });
    await expectCleanEnd(run, 0);
    const { log, outputs, summary } = run.step('check', 'relup');
    expect(log).toContain('12/merge is upgraded from 0.2.0');
    expect(outputs).toMatchObject({ verdict: 'hot', 'up-from': '["0.2.0"]' });
    expect(summary).toContain('Before you tag, raise the version of the release helloworld');
    expect(other.services.artifacts()).toEqual([]);
    expect(other.services.caches()).toEqual([]);
  } finally {
    await other.close();
  }
});

function artifactNames(): string[] {
  return runner.services.artifacts().map(({ name }) => name);
}
