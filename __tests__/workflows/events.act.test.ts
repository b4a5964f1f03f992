import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { plainProject, rebarConfig } from '../support/projects.js';
import type { TestRepository } from '../support/repository.js';
import { dispatch, pullRequest, tagPush } from '../support/workflows/events.js';
import { expectCleanEnd } from '../support/workflows/expectations.js';
import { nextVersion } from '../support/workflows/projects.js';
import { WorkflowRunner } from '../support/workflows/runner.js';

let repository: TestRepository;
let runner: WorkflowRunner;
beforeAll(() => {
  // With paths in its beams a release built in another folder is another one, and act has a new folder for every job.
  const deterministic = rebarConfig('1.1.0').replace('debug_info', 'debug_info, deterministic');
  repository = plainProject({ 'rebar.config': deterministic });
});
afterAll(() => repository.remove());
beforeEach(async () => {
  runner = await WorkflowRunner.start();
});
afterEach(() => runner.close());

test('a pushed tag, no inputs, and the shallow clone that actions/checkout makes', async () => {
  const run = await runner.run('tag.yml', { repository, event: tagPush(repository, '1.1.0') });
  await expectCleanEnd(run, 0);
  const { log, outputs, summary } = run.step('release', 'relup');
  expect(log).toContain('1.1.0 is upgraded from 1.0.0');
  const artifact = runner.services.artifacts()[0];
  expect(runner.services.artifacts()).toHaveLength(1);
  expect(outputs).toMatchObject({
    'release-name': 'app',
    version: '1.1.0',
    'up-from': '["1.0.0"]',
    'upgrade-kind': 'hot',
    verdict: 'hot',
    'artifact-id': String(artifact?.id),
    'artifact-url': `https://github.com/octo/project/actions/runs/1000/artifacts/${artifact?.id}`,
    'artifact-digest': artifact?.digest,
  });
  expect(summary).toContain('# app 1.1.0: upgrade from 1.0.0');
  expect(run.step('release', 'relup', 'Post')).toMatchObject({
    result: 'success',
    log: 'Nothing to clean up.\n',
  });
});

test('an annotated tag, which actions/checkout makes lightweight', async () => {
  repository.tag('v1.1.0', { annotated: true, at: '1.1.0' });
  const run = await runner.run('outputs.yml', { repository, event: tagPush(repository, 'v1.1.0') });
  repository.git('tag', '--delete', 'v1.1.0');
  await expectCleanEnd(run, 0);
  const { log, outputs } = run.step('release', 'relup');
  expect(log).toContain('New release: v1.1.0');
  expect(outputs).toMatchObject({ version: '1.1.0', 'up-from': '["1.0.0"]' });
});

test('the first release', async () => {
  const run = await runner.run('tag.yml', { repository, event: tagPush(repository, '1.0.0') });
  await expectCleanEnd(run, 0);
  expect(run.step('release', 'relup').outputs).toMatchObject({ 'upgrade-kind': 'none', 'up-from': '[]' });
});

test('a run started by hand for a tag', async () => {
  const event = dispatch(repository, 'tag', '1.1.0');
  const run = await runner.run('by-hand.yml', { repository, event });
  await expectCleanEnd(run, 0);
  expect(run.step('release', 'relup').log).toContain('New release: 1.1.0');
  expect(run.step('release', 'relup').outputs).toMatchObject({ version: '1.1.0', 'up-from': '["1.0.0"]' });
  expect(runner.services.artifacts().map(({ name }) => name)).toEqual(['app-1.1.0-relup']);
});

test('a pull request, built as it would be after the merge', async () => {
  nextVersion(repository, { branch: 'next', version: '1.2.0', from: ['1.1.0'] });
  const event = pullRequest(repository, 5, 'next');
  const run = await runner.run('pull-request.yml', { repository, event });
  await expectCleanEnd(run, 0);
  const { log, outputs } = run.step('upgrade', 'relup');
  expect(log).toContain(`New release: 5/merge (${event.sha.slice(0, 12)})`);
  expect(outputs).toMatchObject({ version: '1.2.0', 'up-from': '["1.1.0"]', 'upgrade-kind': 'hot-unproven' });
  expect(runner.services.caches()).toEqual([]);
});

test('several releases to upgrade from, one per line', async () => {
  nextVersion(repository, { branch: 'several', version: '1.2.0', from: ['1.1.0', '1.0.0'] }).tag('1.2.0');
  const run = await runner.run('several.yml', { repository, event: tagPush(repository, '1.2.0') });
  repository.git('tag', '--delete', '1.2.0');
  await expectCleanEnd(run, 0);
  expect(run.step('release', 'relup').outputs).toMatchObject({
    version: '1.2.0',
    'up-from': '["1.0.0","1.1.0"]',
    'upgrade-kind': 'hot-unproven',
  });
});

test('a run that is started again finds its own artifact', async () => {
  const event = tagPush(repository, '1.1.0');
  const first = await runner.run('tag.yml', { repository, event });
  await expectCleanEnd(first, 0);
  const second = await runner.run('tag.yml', { repository, event, attempt: 2 });
  await expectCleanEnd(second, 0);
  expect(second.step('release', 'relup').log).toContain('Found again: artifact app-1.1.0-relup');
  const outputsOf = (run: typeof first, name: string) => run.step('release', 'relup').outputs[name];
  for (const name of ['artifact-id', 'artifact-digest', 'tarball-sha256', 'upgrade-tarball-sha256']) {
    expect(outputsOf(second, name), name).toBe(outputsOf(first, name));
  }
  expect(runner.services.artifacts()).toHaveLength(1);
});
