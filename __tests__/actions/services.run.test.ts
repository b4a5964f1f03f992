import { readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startRunnerServices, type RunnerServices } from '../../scripts/runner-services/index.mjs';
import { removeRuns, runAction, type ActionRun } from '../support/action.js';
import { failure, keep, removeKept } from '../support/failures.js';
import { plainProject } from '../support/projects.js';
import { projectRoot, temporaryFolder, type TestRepository } from '../support/repository.js';

let repository: TestRepository;
let dir: string;
let services: RunnerServices;
beforeAll(() => {
  repository = keep(plainProject());
});
beforeEach(async () => {
  dir = temporaryFolder();
  services = await startRunnerServices({ dir });
});
afterEach(async () => {
  await services.close();
  rmSync(dir, { recursive: true, force: true });
});
afterAll(() => {
  removeRuns();
  removeKept();
});

function start(env: Readonly<Record<string, string>> = {}): Promise<ActionRun> {
  return runAction({
    workspace: repository.dir,
    env: {
      ...services.env,
      GITHUB_SERVER_URL: 'https://github.com',
      NODE_OPTIONS: `--import=${join(projectRoot, '__tests__/support/hasty-timers.mjs')}`,
      ...env,
    },
  });
}

/** The packages were made and checked before the upload, so the outputs lead to them, and they are there. */
function failsWithPackages(run: ActionRun): string {
  const { message } = failure(run);
  expect(run.outputs).toMatchObject({
    version: '1.1.0',
    'upgrade-kind': 'hot-unproven',
    verdict: 'unproven',
  });
  expect(run.outputs).not.toHaveProperty('artifact-id');
  const { tarball, manifest, report, 'upgrade-tarball': upgrade } = run.outputs;
  const files = [tarball, upgrade, manifest, report].map((file) => (file as string).split('/').at(-1));
  const [folder, ...others] = readdirSync(run.temp);
  expect(others).toEqual([]);
  expect(readdirSync(join(run.temp, folder as string)).sort()).toEqual(
    [...files, 'app-1.1.0.debug.tar.gz', 'report.html'].sort(),
  );
  expect(run.summary).toContain('app-1.1.0.upgrade.tar.gz');
  return message;
}

test('an artifact service that fails once, or is slow, is asked again', async () => {
  services.inject({ method: 'CreateArtifact', kind: 'status', status: 500 });
  services.inject({ method: 'FinalizeArtifact', kind: 'delay', milliseconds: 2000 });
  const run = await start();
  expect(run.exitCode, run.log).toBe(0);
  expect(services.requests().filter((name) => name === 'CreateArtifact')).toHaveLength(2);
  expect(run.outputs['artifact-digest']).toBe(services.artifacts()[0]?.digest);
});

test('an artifact service that goes on failing: red, with the packages in the outputs', async () => {
  services.inject({ method: 'CreateArtifact', kind: 'status', status: 500, times: 50 });
  const message = failsWithPackages(await start());
  expect(message).toContain(
    'The artifact "app-1.1.0-relup" could not be uploaded: Failed to CreateArtifact:',
  );
  expect(message).toContain('githubstatus.com');
  expect(services.artifacts()).toEqual([]);
});

test('an artifact service that refuses the token', async () => {
  services.inject({ method: 'CreateArtifact', kind: 'refuse' });
  const message = failsWithPackages(await start());
  expect(message).toContain(
    'The artifact "app-1.1.0-relup" could not be uploaded: Failed to CreateArtifact:',
  );
  expect(message).toMatch(/unauthenticated|401|token/i);
});

test('an artifact service that is not there, and no cache either', async () => {
  const origin = `http://127.0.0.1:${await freePort()}/`;
  const event = join(dir, 'event.json');
  const env = { ACTIONS_RESULTS_URL: origin, ACTIONS_CACHE_URL: origin, GITHUB_EVENT_PATH: event };
  const run = await start({ ...env, GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: 'main' });
  expect(failsWithPackages(run)).toContain('The artifact "app-1.1.0-relup" could not be uploaded: ');
  // The cache was asked before, and its failure is a warning at most.
  expect(run.log).toMatch(/cache/i);
});

/** A port that nothing listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
