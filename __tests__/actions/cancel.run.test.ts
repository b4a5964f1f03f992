import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startRunnerServices } from '../../scripts/runner-services/index.mjs';
import { removeRuns, runAction, type ActionRun } from '../support/action.js';
import { isAlive, processesWith } from '../support/processes.js';
import { fileHashes } from '../support/file-hashes.js';
import { plainProject } from '../support/projects.js';
import { temporaryFolder, type TestRepository } from '../support/repository.js';

let repository: TestRepository;
const folder = temporaryFolder();
beforeAll(() => {
  repository = plainProject();
});
afterAll(() => {
  removeRuns();
  repository.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a run whose `prepare` says that it is there and then does not end, and signals it. */
async function cancelled(signal: NodeJS.Signals): Promise<{ run: ActionRun; child: number; before: object }> {
  const file = join(folder, `child-${signal}`);
  const before = fileHashes(repository.dir);
  const prepare = `sleep 300 & echo $! > '${file}'; echo prepare is waiting; wait`;
  let sent = false;
  const run = await runAction({
    workspace: repository.dir,
    inputs: { upload: 'false', prepare },
    onOutput: (output, kill) => {
      if (sent || !output.includes('\nprepare is waiting')) return;
      sent = true;
      kill(signal);
    },
  });
  return { run, child: Number(readFileSync(file, 'utf8')), before };
}

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s in mid-build ends the children and leaves nothing',
  async (signal) => {
    const { run, child, before } = await cancelled(signal);
    expect(run.exitCode).toBe(signal === 'SIGINT' ? 130 : 143);
    await vi.waitFor(() => expect(isAlive(child)).toBe(false));
    expect(readdirSync(run.temp)).toEqual([]);
    expect(fileHashes(repository.dir)).toEqual(before);
  },
);

/** Runs with an upload to services that never answer it, and signals the run in the named phase. */
async function cancelledIn(phase: string, run: string): Promise<ActionRun> {
  const services = await startRunnerServices({ dir: join(folder, `services-${run}`) });
  services.inject({ method: 'CreateArtifact', kind: 'delay', milliseconds: 600_000 });
  try {
    let sent = false;
    return await runAction({
      workspace: repository.dir,
      env: { ...services.env, GITHUB_SERVER_URL: 'https://github.com', RELUP_TEST_RUN: run },
      onOutput: (output, kill) => {
        if (sent || !output.includes(`::group::${phase}\n`)) return;
        sent = true;
        kill('SIGTERM');
      },
    });
  } finally {
    await services.close();
  }
}

test.each(['Toolchain', 'Refs', 'Build', 'Appups and relup', 'Package', 'Artifact'])(
  'SIGTERM in the phase %s leaves no file, no process and no change',
  async (phase) => {
    const before = fileHashes(repository.dir);
    const id = randomUUID();
    const run = await cancelledIn(phase, id);
    expect(run.log).not.toContain('::error');
    expect(run.exitCode, run.log).toBe(143);
    await vi.waitFor(() => expect(processesWith('RELUP_TEST_RUN', id)).toEqual([]));
    expect(readdirSync(run.temp)).toEqual([]);
    expect(run.outputs).toEqual({});
    expect(fileHashes(repository.dir)).toEqual(before);
  },
);

test('what a killed run leaves, the post step removes, and ends what still works there', async () => {
  const { run, child, before } = await cancelled('SIGKILL');
  expect(run.signal).toBe('SIGKILL');
  const workspace = run.state.workspace as string;
  expect(workspace).toBe(join(run.temp, 'relup-action'));
  expect(existsSync(workspace)).toBe(true);
  expect(isAlive(child)).toBe(true);
  const post = await runAction({ workspace: repository.dir, env: { STATE_workspace: workspace } }, 'cleanup');
  expect(post.exitCode, post.log).toBe(0);
  expect(post.log).toContain(`Removed ${workspace}`);
  expect(existsSync(workspace)).toBe(false);
  await vi.waitFor(() => expect(isAlive(child)).toBe(false));
  expect(fileHashes(repository.dir)).toEqual(before);
});

test('after a run that ended by itself the post step has nothing to do', async () => {
  const post = await runAction(
    { workspace: repository.dir, env: { STATE_workspace: join(folder, 'gone') } },
    'cleanup',
  );
  expect(post.exitCode).toBe(0);
  expect(post.log).toContain('Nothing to clean up.');
});

test('a run that finds the remains of another starts anew', async () => {
  const temp = join(folder, 'temp');
  mkdirSync(join(temp, 'relup-action/build'), { recursive: true });
  writeFileSync(join(temp, 'relup-action/build/remains'), '');
  const run = await runAction({ workspace: repository.dir, inputs: { upload: 'false' }, temp });
  expect(run.exitCode, run.log).toBe(0);
  expect(existsSync(join(temp, 'relup-action'))).toBe(false);
});
