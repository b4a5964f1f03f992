import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cacheKey, maySaveCache, type CacheKeyParts } from '../../src/build/actions-cache.js';
import { temporaryFolder } from '../support/repository.js';

const parts: CacheKeyParts = {
  os: 'linux',
  arch: 'x64',
  otp: '27.3.4.1',
  erts: '15.2.7',
  rebar3: '3.24.0',
  profile: 'prod',
  release: 'helloworld',
  commit: '0123456789abcdef0123456789abcdef01234567',
  prepareHash: 'p'.repeat(64),
  projectDir: '.',
};

const dir = temporaryFolder();
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('cacheKey', () => {
  it('can be read, and is a key that the service takes', () => {
    const key = cacheKey(parts);
    expect(key).toMatch(/^relup-v1-linux-x64-otp27\.3\.4\.1-helloworld-0123456789ab-[0-9a-f]{64}$/);
    expect(cacheKey({ ...parts })).toBe(key);
    const wild = cacheKey({ ...parts, release: 'ä,b c'.repeat(200), otp: '27,'.repeat(300), commit: ',' });
    expect(wild.length).toBeLessThanOrEqual(512);
    expect(wild).not.toMatch(/[,\s]/);
  });

  it.each(Object.keys(parts) as (keyof CacheKeyParts)[])('changes with %s', (part) => {
    expect(cacheKey({ ...parts, [part]: `${parts[part]}x` })).not.toBe(cacheKey(parts));
  });

  it('does not mistake one part for another', () => {
    const swapped = { ...parts, otp: parts.erts, erts: parts.otp };
    expect(cacheKey(swapped)).not.toBe(cacheKey(parts));
  });
});

describe('maySaveCache', () => {
  const run = (changes: Record<string, string | undefined>, event?: unknown): boolean => {
    const path = join(dir, 'event.json');
    writeFileSync(path, JSON.stringify(event ?? { repository: { default_branch: 'main' } }));
    const env = {
      GITHUB_EVENT_NAME: 'push',
      GITHUB_EVENT_PATH: path,
      GITHUB_REF_TYPE: 'branch',
      GITHUB_REF_NAME: 'main',
    };
    return maySaveCache({ ...env, ...changes });
  };

  it.each(['push', 'schedule', 'workflow_dispatch', 'repository_dispatch'])(
    'is true for %s on the default branch and false on others',
    (event) => {
      expect(run({ GITHUB_EVENT_NAME: event })).toBe(true);
      expect(run({ GITHUB_EVENT_NAME: event, GITHUB_REF_NAME: 'feature' })).toBe(false);
      expect(run({ GITHUB_EVENT_NAME: event, GITHUB_REF_TYPE: 'tag', GITHUB_REF_NAME: 'v1' })).toBe(false);
    },
  );

  it.each(['pull_request', 'pull_request_target', 'workflow_run', 'issue_comment', undefined])(
    'is false for %s, even on the default branch',
    (event) => {
      expect(run({ GITHUB_EVENT_NAME: event })).toBe(false);
    },
  );

  it('is false for a tag named like the default branch', () => {
    expect(run({ GITHUB_REF_TYPE: 'tag' })).toBe(false);
  });

  it('does without the payload only for scheduled runs, which have none of the repository', () => {
    expect(run({ GITHUB_EVENT_NAME: 'schedule' }, { schedule: '0 3 * * *' })).toBe(true);
    expect(run({}, {})).toBe(false);
    expect(run({ GITHUB_EVENT_PATH: join(dir, 'gone.json') })).toBe(false);
    expect(run({ GITHUB_EVENT_PATH: undefined })).toBe(false);
  });
});
