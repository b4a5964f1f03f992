import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { restoreFiles, saveFiles } from '../../../src/build/cache/service.js';
import { retryAtOnce, simulatedRunner, type SimulatedRunner } from '../../support/simulated-runner.js';

const KEY = `relup-v1-test-${'a'.repeat(64)}`;

let runner: SimulatedRunner;
let folder: string;

beforeEach(async () => {
  runner = await simulatedRunner();
  folder = join(runner.dir, 'packages');
  retryAtOnce();
});

afterEach(async () => {
  await runner.close();
  vi.restoreAllMocks();
});

/** Writes the files of a packaged release and returns their paths. */
function packaged(names = ['hello-0.1.0.tar.gz', 'hello-0.1.0.manifest.json']): string[] {
  return names.map((name) => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, randomBytes(100_000));
    return path;
  });
}

const warnings = (): number => runner.output().split('::warning::').length - 1;

describe('round trip', () => {
  it('restores the very files that were saved', async () => {
    const files = packaged(['hello-0.1.0.tar.gz', 'meta/hello-0.1.0.manifest.json']);
    packaged(['not-saved']);
    expect(await saveFiles(KEY, folder, files)).toBe(true);
    const target = join(runner.dir, 'restored');
    const restored = await restoreFiles(KEY, target);

    expect(restored?.map((file) => relative(target, file))).toEqual([
      'hello-0.1.0.tar.gz',
      'meta/hello-0.1.0.manifest.json',
    ]);
    for (const file of restored ?? []) {
      expect(readFileSync(file).equals(readFileSync(join(folder, relative(target, file))))).toBe(true);
    }
    expect(readdirSync(target).sort()).toEqual(['hello-0.1.0.tar.gz', 'meta']);
    expect(warnings()).toBe(0);
  });

  it('does not depend on where a runner keeps its folders', async () => {
    expect(await saveFiles(KEY, folder, packaged())).toBe(true);
    const elsewhere = join(runner.dir, 'a', 'much', 'deeper', 'place');
    vi.stubEnv('RUNNER_TEMP', join(elsewhere, 'temp'));
    vi.stubEnv('GITHUB_WORKSPACE', join(elsewhere, 'work', 'space'));
    mkdirSync(join(elsewhere, 'temp'), { recursive: true });
    const target = join(elsewhere, 'temp', 'restored');
    expect(await restoreFiles(KEY, target)).toEqual([
      join(target, 'hello-0.1.0.manifest.json'),
      join(target, 'hello-0.1.0.tar.gz'),
    ]);
  });

  it('leaves folders, working directory and environment as they were', async () => {
    const before = { cwd: process.cwd(), env: { ...process.env } };
    const files = packaged();
    await saveFiles(KEY, folder, files);
    await restoreFiles(KEY, join(runner.dir, 'restored'));
    expect({ cwd: process.cwd(), env: { ...process.env } }).toEqual(before);
    expect(readdirSync(folder).map((name) => join(folder, name))).toEqual([...files].sort());
    expect(readdirSync(join(runner.dir, 'workspace'))).toEqual([]);
    expect(readdirSync(join(runner.dir, 'temp'))).toEqual([]);
  });

  it('keeps calls at the same time apart', async () => {
    const keys = ['a', 'b', 'c'].map((letter) => `relup-v1-test-${letter.repeat(64)}`);
    const dirs = keys.map((_, i) => join(runner.dir, `release-${i}`));
    for (const dir of dirs) {
      mkdirSync(dir);
      writeFileSync(join(dir, 'file'), dir);
    }
    const saved = await Promise.all(keys.map((key, i) => saveFiles(key, dirs[i] ?? '', ['file'])));
    expect(saved).toEqual([true, true, true]);
    const restored = await Promise.all(keys.map((key, i) => restoreFiles(key, join(runner.dir, `to-${i}`))));
    expect(restored.map(([file] = []) => readFileSync(file ?? '', 'utf8'))).toEqual(dirs);
  });

  it('works without zstd on PATH', async () => {
    const bin = join(runner.dir, 'bin');
    mkdirSync(bin);
    for (const tool of ['tar', 'gzip']) {
      const found = (process.env.PATH ?? '').split(':').find((dir) => existsSync(join(dir, tool)));
      symlinkSync(join(found ?? '', tool), join(bin, tool));
    }
    vi.stubEnv('PATH', bin);
    expect(await saveFiles(KEY, folder, packaged())).toBe(true);
    expect(await restoreFiles(KEY, join(runner.dir, 'restored'))).toHaveLength(2);
  });
});

describe('no entry', () => {
  it('is no reason for a warning', async () => {
    expect(await restoreFiles(KEY, join(runner.dir, 'restored'))).toBeUndefined();
    expect(warnings()).toBe(0);
  });

  it('is also what an entry with a longer key counts for', async () => {
    await saveFiles(`${KEY}-and-more`, folder, packaged());
    const target = join(runner.dir, 'restored');
    expect(await restoreFiles(KEY, target)).toBeUndefined();
    expect(readdirSync(target)).toEqual([]);
  });

  it('is made under a key that exists', async () => {
    expect(await saveFiles(KEY, folder, packaged())).toBe(true);
    expect(await saveFiles(KEY, folder, packaged())).toBe(false);
    expect(runner.services.caches()).toHaveLength(1);
    expect(warnings()).toBe(0);
  });

  it('is made for files that lie elsewhere or are missing', async () => {
    packaged();
    for (const file of ['../temp', join(folder, 'gone.tar.gz')]) {
      expect(await saveFiles(KEY, folder, [file])).toBe(false);
    }
    expect(warnings()).toBe(2);
    expect(runner.services.requests()).toEqual([]);
  });
});

describe('trouble with the cache is a warning', () => {
  const tryBoth = async (): Promise<unknown[]> => [
    await restoreFiles(KEY, join(runner.dir, 'restored')),
    await saveFiles(KEY, folder, packaged()),
  ];

  it('when the service fails for good', async () => {
    runner.services.inject({ kind: 'status', method: '*', status: 500, times: 1000 });
    expect(await tryBoth()).toEqual([undefined, false]);
    expect(warnings()).toBeGreaterThan(0);
  });

  it('when an upload fails for good', async () => {
    runner.services.inject({ kind: 'status', method: 'PutBlob', status: 500, times: 100 });
    expect(await saveFiles(KEY, folder, packaged())).toBe(false);
    expect(warnings()).toBeGreaterThan(0);
  });

  it('when a download fails for good', async () => {
    await saveFiles(KEY, folder, packaged());
    runner.services.inject({ kind: 'status', method: 'GetBlob', status: 500, times: 100 });
    const target = join(runner.dir, 'restored');
    expect(await restoreFiles(KEY, target)).toBeUndefined();
    expect(readdirSync(target)).toEqual([]);
  });

  it('but not when a request fails only once', async () => {
    const methods = [
      'CreateCacheEntry',
      'PutBlob',
      'FinalizeCacheEntryUpload',
      'GetCacheEntryDownloadURL',
      'GetBlob',
    ];
    for (const method of methods) runner.services.inject({ kind: 'status', method, status: 503 });
    expect(await saveFiles(KEY, folder, packaged())).toBe(true);
    expect(await restoreFiles(KEY, join(runner.dir, 'restored'))).toHaveLength(2);
    expect(warnings()).toBe(0);
  });

  it('when the token is refused', async () => {
    runner.services.inject({ kind: 'refuse', method: '*', times: 100 });
    expect(await tryBoth()).toEqual([undefined, false]);
    expect(warnings()).toBeGreaterThan(0);
  });

  it('when the service is down', async () => {
    await runner.services.close();
    expect(await tryBoth()).toEqual([undefined, false]);
    expect(warnings()).toBeGreaterThan(0);
  });

  it('when there is no tar', async () => {
    vi.stubEnv('PATH', runner.dir);
    expect(await tryBoth()).toEqual([undefined, false]);
    expect(warnings()).toBeGreaterThan(0);
  });

  it('when the archive holds something other than files', async () => {
    const bin = join(runner.dir, 'bin');
    mkdirSync(bin);
    // Stands in for an archive with a link in it, which saveFiles does not make.
    writeFileSync(
      join(bin, 'tar'),
      '#!/bin/sh\ncd "$GITHUB_WORKSPACE" && mkdir entry && ln -s / entry/link\n',
    );
    chmodSync(join(bin, 'tar'), 0o755);
    await saveFiles(KEY, folder, packaged());
    vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
    const target = join(runner.dir, 'restored');
    expect(await restoreFiles(KEY, target)).toBeUndefined();
    expect(runner.output()).toContain('link, which is not a regular file');
    expect(readdirSync(target)).toEqual([]);
  });

  it.each(['ACTIONS_RUNTIME_TOKEN', 'ACTIONS_RESULTS_URL'])(
    'but no more than a line without %s',
    async (name) => {
      vi.stubEnv(name, undefined);
      expect(await tryBoth()).toEqual([undefined, false]);
      expect(runner.output()).toContain('There is no cache service here');
      expect(warnings()).toBe(0);
    },
  );
});
