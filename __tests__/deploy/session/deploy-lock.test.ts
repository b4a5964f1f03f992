import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDeployFolder, type DeployFolder } from '../../../src/deploy/session/deploy-folder.js';
import { DeployLock } from '../../../src/deploy/session/deploy-lock.js';
import { identityOf } from '../../../src/node/process-identity.js';
import type { ProcessIdentity } from '../../../src/model/deploy.js';
import { captureOutput } from '../../support/deploying.js';
import { temporaryFolder } from '../../support/repository.js';

let root: string;
let folder: DeployFolder;
let file: string;
let output: () => string;

beforeEach(async () => {
  output = captureOutput();
  root = temporaryFolder();
  folder = await openDeployFolder(root, { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 });
  file = join(folder.dir, 'lock');
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(root, { recursive: true, force: true });
});

const take = (waitSeconds = 0) => DeployLock.take(folder, 'web 2', waitSeconds);

/** A lock of this process, changed. */
async function lockOf(changes: Partial<ProcessIdentity>): Promise<void> {
  const holder = { ...(await identityOf(process.pid)), ...changes };
  writeFileSync(file, JSON.stringify({ id: 'x', process: holder, since: 'then', what: 'web 1' }));
}

describe('the lock', () => {
  it('is held by one, who is named to the other', async () => {
    const lock = await take();
    await expect(take()).rejects.toThrow(
      new RegExp(
        `^Another deploy \\(web 2, process id ${process.pid}, since 20.*\\) is at work on this node.$`,
      ),
    );
    expect(await DeployLock.holder(root)).toContain(`process id ${process.pid}`);
    await lock.check();
    await lock.release();
    expect(readdirSync(folder.dir)).toEqual([]);
    expect(await DeployLock.holder(root)).toBeUndefined();
    await (await take()).release();
  });

  it('is waited for', async () => {
    const lock = await take();
    const other = take(60);
    await vi.waitFor(() => expect(output()).toContain('Waiting, as another deploy (web 2'));
    await lock.release();
    await (await other).check();
  });

  it('is waited for as long as it was to be, also when the clock of the machine is set meanwhile', async () => {
    const lock = await take();
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const other = take(60);
      await vi.waitFor(() => expect(output()).toContain('Waiting, as another deploy (web 2'));
      vi.setSystemTime(Date.now() + 3_600_000);
      await setTimeout(700);
      await lock.release();
      await (await other).check();
    } finally {
      vi.useRealTimers();
    }
  });

  it('goes to exactly one of many', async () => {
    await lockOf({ started: '1' });
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => take()));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(readdirSync(folder.dir)).toEqual(['lock']);
  });

  it.each([
    ['process is gone', () => ({ pid: spawnSync('true').pid })],
    ['process id was given to another process', () => ({ started: '1' })],
    ['machine was started anew since', () => ({ boot: 'another' })],
  ])('does not count when the holder’s %s', async (_, changes) => {
    await lockOf(changes());
    expect(await DeployLock.holder(root)).toBeUndefined();
    await take();
    expect(readFileSync(file, 'utf8')).toContain('web 2');
  });

  it('does not count when a power cut left it empty', async () => {
    writeFileSync(file, '');
    await take();
    expect(readFileSync(file, 'utf8')).toContain('web 2');
  });

  it('that is a folder is told', async () => {
    mkdirSync(file);
    await expect(take()).rejects.toThrow(`The lock ${file} is not a lock file, so no deploy can take it.`);
    await expect(DeployLock.holder(root)).rejects.toThrow('is not a lock file');
  });

  it('counts when the holder is in another container, where its process cannot be seen', async () => {
    await lockOf({ namespace: 'pid:[1]', started: '1' });
    await expect(take()).rejects.toThrow('Another deploy (web 1');
  });

  it('that was taken away is noticed, and not given back', async () => {
    const lock = await take();
    await lockOf({});
    await expect(lock.check()).rejects.toThrow(`The lock ${file} was removed while this deploy was at work.`);
    await lock.release();
    expect(existsSync(file)).toBe(true);
  });
});
