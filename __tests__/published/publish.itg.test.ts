import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { publishFiles, type PublishOptions } from '../../src/published/publish.js';
import { ActionError } from '../../src/shared/errors.js';
import { madeFiles, testGithub, type TestGithub } from '../support/github-releases.js';
import { retryAtOnce } from '../support/simulated-runner.js';

const COMMIT = 'c'.repeat(40);
const NAMES = [
  'SHA256SUMS',
  'app-1.0.0.debug.tar.gz',
  'app-1.0.0.manifest.json',
  'app-1.0.0.tar.gz',
  'app-1.0.0.upgrade.tar.gz',
];

let github: TestGithub;
let files: string[];
beforeEach(async () => {
  github = await testGithub();
  github.releases.tags.set('v1.0.0', COMMIT);
  files = madeFiles(join(github.dir, 'made'));
  retryAtOnce();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await github.close();
});

const publish = (changes: Partial<PublishOptions> = {}) =>
  publishFiles({
    ...{ token: github.token, tag: 'v1.0.0', commit: COMMIT, preRelease: false },
    ...{ notes: 'What users read.', files, overwrite: false, workFolder: github.dir },
    ...changes,
  });

async function refusal(publishing: Promise<unknown>): Promise<ActionError> {
  const error: unknown = await publishing.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ActionError);
  expect((error as ActionError).message).toMatch(/^[A-Z][^\n]*\.$/);
  return error as ActionError;
}

const names = () => github.releases.assets.map(({ name }) => name).sort();
const asked = (name: string) => github.requests().filter((one) => one === name).length;

describe('a tag without a release', () => {
  it('gets one that becomes public when it has all files, and sums that sha256sum accepts', async () => {
    expect(await publish()).toMatchObject({ tag: 'v1.0.0', draft: false });
    expect(github.releases.all).toMatchObject([
      { name: 'v1.0.0', body: 'What users read.', draft: false, prerelease: false, makeLatest: 'legacy' },
    ]);
    expect(names()).toEqual(NAMES);
    const requests = github.requests();
    expect(requests.lastIndexOf('UploadReleaseAsset')).toBeLessThan(requests.indexOf('UpdateRelease'));
    for (const file of files) {
      expect(github.releases.content('v1.0.0', basename(file)).equals(readFileSync(file))).toBe(true);
    }
    writeFileSync(join(github.dir, 'made/SHA256SUMS'), github.releases.content('v1.0.0', 'SHA256SUMS'));
    const checked = execFileSync('sha256sum', ['--check', 'SHA256SUMS'], { cwd: join(github.dir, 'made') });
    expect(checked.toString().match(/: OK$/gm)).toHaveLength(4);
  });

  it('is marked as a pre-release for such a tag', async () => {
    await publish({ preRelease: true });
    expect(github.releases.all).toMatchObject([{ prerelease: true, draft: false }]);
  });

  it('that broke off is finished by a re-run, and only then public', async () => {
    github.inject({ method: 'UploadReleaseAsset', kind: 'status', status: 502, times: 4 });
    const error = await refusal(publish());
    expect(error.message).toContain('app-1.0.0.tar.gz could not be attached to the GitHub release v1.0.0');
    expect(github.releases.all).toMatchObject([{ draft: true }]);
    expect(github.releases.assets).toMatchObject([{ state: 'starter' }]);
    await publish();
    expect(github.releases.all).toMatchObject([{ draft: false, body: 'What users read.' }]);
    expect(names()).toEqual(NAMES);
    expect(github.releases.assets.every(({ state }) => state === 'uploaded')).toBe(true);
  });

  it('whose creation was not answered is not made twice', async () => {
    github.inject({ method: 'CreateRelease', kind: 'status', status: 502 });
    await publish();
    expect(github.releases.all).toHaveLength(1);
    expect(names()).toEqual(NAMES);
  });
});

describe('a release that is there', () => {
  it('a draft is filled and stays one, wherever it is in the list', async () => {
    github.releases.add({ tag: 'v1.0.0', draft: true, body: 'Mine.' });
    for (let number = 0; number < 150; number += 1) github.releases.add({ tag: `v0.${number}.0` });
    expect(await publish()).toMatchObject({ draft: true });
    expect(github.releases.all.at(-1)).toMatchObject({ draft: true, body: 'Mine.' });
    expect(names()).toEqual(NAMES);
    expect(asked('CreateRelease')).toBe(0);
  });

  it('is left as it is by a second run', async () => {
    await publish();
    const before = structuredClone(github.releases.assets);
    await publish();
    expect(github.releases.assets).toEqual(before);
    expect(asked('UploadReleaseAsset')).toBe(NAMES.length);
  });

  it('with older files, of which GitHub kept no digest: they are compared themselves', async () => {
    await publish();
    for (const asset of github.releases.assets) asset.digest = null;
    await publish();
    expect(asked('UploadReleaseAsset')).toBe(NAMES.length);
    expect(github.releases.storageSawToken).toBe(false);
  });

  it('with another file of the name is refused before anything is uploaded, or replaced when asked for', async () => {
    const release = github.releases.add({ tag: 'v1.0.0' });
    github.releases.attach(release, 'app-1.0.0.upgrade.tar.gz', 'another');
    const error = await refusal(publish());
    expect(error.message).toBe(
      'The GitHub release v1.0.0 already has a file app-1.0.0.upgrade.tar.gz with other contents.',
    );
    expect(error.remedy).toContain('`overwrite: true`');
    expect(names()).toEqual(['app-1.0.0.upgrade.tar.gz']);
    await publish({ overwrite: true });
    expect(github.releases.content('v1.0.0', 'app-1.0.0.upgrade.tar.gz').toString()).toContain(
      'upgrade package',
    );
  });

  it("keeps the user's files, and the sums of another job", async () => {
    const release = github.releases.add({ tag: 'v1.0.0' });
    github.releases.attach(release, 'manual.pdf', 'pages');
    github.releases.attach(release, 'SHA256SUMS', `${'a'.repeat(64)}  manual.pdf\n`);
    await publish();
    expect(names()).toEqual([...NAMES, 'manual.pdf']);
    const sums = github.releases.content('v1.0.0', 'SHA256SUMS').toString().trim().split('\n');
    expect(sums).toHaveLength(5);
    expect(sums.at(-1)).toBe(`${'a'.repeat(64)}  manual.pdf`);
  });

  it('a file whose name GitHub changed is known again by its digest', async () => {
    files = madeFiles(join(github.dir, 'tilde'), { version: '1.0.0~rc1' });
    await publish();
    expect(names()).toContain('app-1.0.0.rc1.tar.gz');
    await publish();
    expect(asked('UploadReleaseAsset')).toBe(NAMES.length);
  });
});

describe('what GitHub refuses', () => {
  it('a token that may only read: one sentence with the permission', async () => {
    const error = await refusal(publish({ token: github.readToken }));
    expect(error.message).toBe(
      'The GitHub release of the tag v1.0.0 could not be created: GitHub refuses the token of `github-token` (Resource not accessible by integration, HTTP status 403).',
    );
    expect(error.remedy).toContain('`permissions: { contents: write }`');
    expect(github.releases.all).toEqual([]);
  });

  it('a token that is not valid', async () => {
    const error = await refusal(publish({ token: 'ghs_wrong' }));
    expect(error.message).toContain('Bad credentials, HTTP status 401');
  });

  it('too many requests: waits when that is short, else says until when', async () => {
    const headers = { 'retry-after': '1' };
    github.inject({ method: 'GetReleaseByTag', kind: 'status', status: 429, headers, message: 'slow down' });
    await publish();
    const limit = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1793000000' };
    const message = 'API rate limit exceeded';
    github.inject({ method: 'ListReleaseAssets', kind: 'status', status: 403, headers: limit, message });
    const error = await refusal(publish());
    expect(error.message).toBe(
      "The files of the GitHub release v1.0.0 could not be listed: GitHub's rate limit for this token is used up until 07:33 UTC.",
    );
    const long = { 'retry-after': '3600' };
    github.inject({ method: 'GetCommit', kind: 'status', status: 403, headers: long });
    expect((await refusal(publish())).message).toContain('is used up for another 60 minutes.');
  });

  it('a server that fails for a while, and a connection that is reset', async () => {
    github.inject({ method: 'GetReleaseByTag', kind: 'status', status: 503, times: 2 });
    github.inject({ method: 'UploadReleaseAsset', kind: 'reset' });
    await publish();
    expect(names()).toEqual(NAMES);
  });

  it.each([
    ['d'.repeat(40), 'the tag v1.0.0 was moved to ddddddd, and the packages were made of ccccccc.'],
    [undefined, 'the tag v1.0.0 was deleted, and the packages were made of ccccccc.'],
  ])('a tag that leads elsewhere meanwhile', async (commit, sentence) => {
    github.releases.tags.clear();
    if (commit !== undefined) github.releases.tags.set('v1.0.0', commit);
    expect((await refusal(publish())).message).toBe(`Nothing is published: ${sentence}`);
    expect(github.releases.all).toEqual([]);
  });

  it('outside of a workflow, or without a token', async () => {
    vi.stubEnv('GITHUB_API_URL', '');
    expect((await refusal(publish())).message).toBe(
      "GitHub's releases cannot be reached: the runner has not set GITHUB_API_URL.",
    );
    expect((await refusal(publish({ token: '' }))).message).toContain('the input `github-token` is empty');
  });
});
