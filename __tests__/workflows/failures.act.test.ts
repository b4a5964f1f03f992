import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileHashes } from '../support/file-hashes.js';
import { plainProject } from '../support/projects.js';
import type { TestRepository } from '../support/repository.js';
import { tagPush } from '../support/workflows/events.js';
import { expectCleanEnd } from '../support/workflows/expectations.js';
import { WorkflowRunner } from '../support/workflows/runner.js';

let repository: TestRepository;
let runner: WorkflowRunner;
beforeEach(async () => {
  repository = plainProject();
  runner = await WorkflowRunner.start();
});
afterEach(async () => {
  await runner.close();
  repository.remove();
});

test('a bad input turns the step red, with a sentence, and later steps can tell', async () => {
  const run = await runner.run('bad-input.yml', { repository, event: tagPush(repository, '1.1.0') });
  await expectCleanEnd(run, 1);
  const { result, errors, outputs } = run.step('release', 'relup');
  expect(result).toBe('failure');
  expect(errors).toEqual([
    expect.stringContaining(
      'upgrade-from: there is no tag, branch or commit v0.9 in the repository; nearest: 1.0.0,',
    ),
  ]);
  expect(outputs).toEqual({});
  expect(run.step('release', 'after').result).toBeUndefined();
  expect(run.step('release', 'failed').log).toBe("the step's outcome is failure\n");
  expect(run.step('release', 'relup', 'Post').result).toBe('success');
  expect(runner.services.artifacts()).toEqual([]);
});

test('a run cancelled in mid-build leaves nothing behind', async () => {
  const before = fileHashes(repository.dir);
  const run = await runner.run('cancelled.yml', {
    repository,
    event: tagPush(repository, '1.1.0'),
    cancelAt: 'preparing 1.1.0',
  });
  await expectCleanEnd(run, 1);
  expect(run.step('release', 'relup').result).toBe('failure');
  expect(run.step('release', 'after').result).toBeUndefined();
  // act kills a cancelled step at once, so it is the post step that cleans up.
  expect(run.step('release', 'relup', 'Post').log).toMatch(
    /^Removed .*, which a cancelled run had left\.\n$/,
  );
  expect(runner.services.artifacts()).toEqual([]);
  expect(fileHashes(repository.dir)).toEqual(before);
});
