import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cacheKey, environmentDigest, maySaveCache } from '../../../src/build/cache/key.js';
import { temporaryFolder } from '../../support/repository.js';

const parts = {
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

const keyOf = (all: typeof parts): string =>
  cacheKey('release', all, [all.os, `otp${all.otp}`, all.release, all.commit.slice(0, 12)]);

describe('cacheKey', () => {
  it('can be read, and is a key that the service takes', () => {
    expect(keyOf(parts)).toMatch(
      /^relup-v2-release-linux-otp27\.3\.4\.1-helloworld-0123456789ab-[0-9a-f]{64}$/,
    );
    expect(keyOf({ ...parts })).toBe(keyOf(parts));
    const wild = keyOf({ ...parts, release: 'ä,b c'.repeat(200), otp: '27,'.repeat(300), commit: ',' });
    expect(wild.length).toBeLessThanOrEqual(512);
    expect(wild).not.toMatch(/[,\s]/);
  });

  it.each(Object.keys(parts) as (keyof typeof parts)[])('changes with %s', (part) => {
    expect(keyOf({ ...parts, [part]: `${parts[part]}x` })).not.toBe(keyOf(parts));
  });

  it('does not mistake one part, or one kind of entry, for another', () => {
    const swapped = { ...parts, otp: parts.erts, erts: parts.otp };
    expect(keyOf(swapped)).not.toBe(keyOf(parts));
    expect(cacheKey('a', parts, [])).not.toBe(cacheKey('b', parts, []));
  });
});

describe('environmentDigest', () => {
  it('changes with what compilers read, and with nothing else', () => {
    const digest = environmentDigest({});
    expect(environmentDigest({ ERL_COMPILER_OPTIONS: '[deterministic]' })).not.toBe(digest);
    expect(environmentDigest({ CFLAGS: '-O2' })).not.toBe(environmentDigest({ CC: '-O2' }));
    expect(environmentDigest({ GITHUB_RUN_ID: '7', PATH: '/bin' })).toBe(digest);
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
