import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startCheckouts } from '../../src/build/checkouts.js';
import type { Refs } from '../../src/model/refs.js';
import type { Git } from '../../src/programs/git.js';
import { Workspace } from '../../src/shared/workspace.js';
import { temporaryFolder } from '../support/repository.js';

let folder: string;
let workspace: Workspace;
beforeEach(async () => {
  folder = temporaryFolder();
  workspace = await Workspace.open(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const commit = (digit: number): string => String(digit).repeat(40);

const refs: Refs = {
  ...{ newRef: '2.0.0', newCommit: commit(2), candidates: [], reason: '', notes: [] },
  upFrom: [
    { kind: 'ref', ref: '1.0.0', commit: commit(1) },
    { kind: 'ref', ref: 'stable', commit: commit(1) },
    { kind: 'tarball', path: '/packages/app-0.9.0.tar.gz' },
  ],
};

function gitThat(addWorktree: Git['addWorktree']): Git {
  return { addWorktree } as Git;
}

test('what is built is checked out at once, each commit into its own folder; a package is not', async () => {
  const seen: string[] = [];
  const git = gitThat((dir) => {
    seen.push(dir);
    return Promise.resolve();
  });
  const checkouts = startCheckouts({ git, workspace }, refs);
  await Promise.all(checkouts.values());
  expect([...checkouts.keys()]).toEqual([commit(2), commit(1)]);
  expect(seen).toEqual(['222222222222', '111111111111'].map((name) => join(workspace.dir, 'build', name)));
});

test('a failure is told to who waits for that commit; the workspace stays until all have ended', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const git = gitThat((_, one) =>
    one === commit(1) ? promise : Promise.reject(new Error('a submodule cannot be fetched')),
  );
  const checkouts = startCheckouts({ git, workspace }, refs);
  let closed = false;
  const closing = workspace.close().then(() => (closed = true));
  await expect(checkouts.get(commit(2))).rejects.toThrow('a submodule cannot be fetched');
  expect(closed).toBe(false);
  resolve();
  await closing;
});
