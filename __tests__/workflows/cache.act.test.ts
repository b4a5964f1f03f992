import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadModule, projectRepository, rebarConfig, serverApplication } from '../support/projects.js';
import type { TestRepository } from '../support/repository.js';
import { branchPush, tagPush } from '../support/workflows/events.js';
import { expectCleanEnd } from '../support/workflows/expectations.js';
import { WorkflowRunner } from '../support/workflows/runner.js';

let repository: TestRepository;
let runner: WorkflowRunner;
beforeEach(async () => {
  repository = projectRepository({ '1.0.0': version('1.0.0') });
  runner = await WorkflowRunner.start();
});
afterEach(async () => {
  await runner.close();
  repository.remove();
});

/** The release has a capital in its name: some cache services keep keys in small letters. */
function version(number: string): Record<string, string> {
  return {
    // stripped, so that what is compared beside the code must come from elsewhere
    'rebar.config': rebarConfig(number, { name: 'myApp', relx: '{mode, prod}' }),
    ...serverApplication('myApp', number, `v${number.replaceAll('.', '_')}`),
  };
}

test.each(['v2', 'v1'] as const)(
  'a run on main fills the cache, a run for a tag takes from it and adds nothing (protocol %s)',
  async (cache) => {
    const entries = () => (cache === 'v2' ? runner.services.caches() : runner.cachedByAct());
    const onMain = await runner.run('cache.yml', {
      repository,
      event: branchPush(repository, 'main'),
      cache,
    });
    await expectCleanEnd(onMain, 0);
    expect(onMain.step('build', 'relup').log).not.toContain('restored from the cache');
    const saved = entries();
    expect(saved).toHaveLength(1);

    repository.write({ ...version('1.1.0'), 'src/myApp.appup.src': loadModule('1.1.0', '1.0.0', 'myApp') });
    repository.commit('1.1.0');
    repository.tag('1.1.0');
    const onTag = await runner.run('cache.yml', { repository, event: tagPush(repository, '1.1.0'), cache });
    await expectCleanEnd(onTag, 0);
    const { log, outputs } = onTag.step('build', 'relup');
    expect(log).toContain('1.0.0: myApp 1.0.0 restored from the cache.');
    expect(log).not.toContain('state-unseen');
    expect(outputs).toMatchObject({ 'up-from': '["1.0.0"]', 'upgrade-kind': 'hot-unproven' });
    expect(entries()).toEqual(saved);
    const reservations = runner.services.requests().filter((name) => name === 'CreateCacheEntry');
    expect(reservations).toHaveLength(cache === 'v2' ? 1 : 0);
  },
);

test('where there is no cache service, everything is built', async () => {
  const run = await runner.run('cache.yml', {
    repository,
    event: branchPush(repository, 'main'),
    cache: 'none',
  });
  await expectCleanEnd(run, 0);
  expect(run.step('build', 'relup').log).toContain('There is no cache service here');
  expect(run.step('build', 'relup').outputs).toMatchObject({ version: '1.0.0', 'upgrade-kind': 'none' });
});
