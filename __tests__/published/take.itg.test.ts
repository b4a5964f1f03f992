import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Manifest } from '../../src/model/manifest.js';
import { findPublished, type Found, type NotFound, type Wanted } from '../../src/published/find.js';
import { publishFiles } from '../../src/published/publish.js';
import { openRepository } from '../../src/published/repository.js';
import { publishedTags } from '../../src/published/tags.js';
import { takePublished, type TakenPackage } from '../../src/published/take.js';
import { ActionError } from '../../src/shared/errors.js';
import { madeFiles, testGithub, type TestGithub } from '../support/github-releases.js';
import { temporaryFolder } from '../support/repository.js';
import { retryAtOnce } from '../support/simulated-runner.js';

const COMMIT = 'c'.repeat(40);

let github: TestGithub;
let folder: string;
beforeEach(async () => {
  github = await testGithub();
  folder = join(github.dir, 'taken');
  madeFiles(folder, { name: 'unused' });
  for (const tag of ['v1.0.0', 'v2.0.0']) github.releases.tags.set(tag, COMMIT);
  retryAtOnce();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await github.close();
});

async function publish(changes: Partial<Manifest> = {}, tag = 'v1.0.0'): Promise<void> {
  const files = madeFiles(temporaryFolder(), changes);
  await publishFiles({
    ...{ token: github.token, tag, commit: COMMIT, preRelease: false, notes: '', files },
    ...{ overwrite: true, workFolder: github.dir },
  });
}

async function find(changes: Partial<Wanted> = {}): Promise<Found | NotFound> {
  const wanted = { tag: 'v1.0.0', isReleaseTag: true, projectPath: '', release: undefined, ...changes };
  return findPublished(await openRepository(github.readToken), wanted, folder);
}

async function take(commit = COMMIT, changes: Partial<Wanted> = {}): Promise<TakenPackage> {
  const found = await find(changes);
  if ('why' in found) throw new Error(found.why);
  return takePublished(await openRepository(github.readToken), { found, commit, folder });
}

async function refusal(taking: Promise<unknown>): Promise<string> {
  const error: unknown = await taking.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ActionError);
  return (error as ActionError).message;
}

function assetNamed(name: string) {
  const found = github.releases.assets.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

describe('a published package', () => {
  it('comes with its debug package, by a token that may only read, which the storage does not see', async () => {
    await publish();
    const { path, commit, findings } = await take();
    expect([basename(path), commit, findings]).toEqual(['app-1.0.0.tar.gz', COMMIT, []]);
    expect(readFileSync(path, 'utf8')).toBe('full package of app-1.0.0');
    expect(readdirSync(folder)).toContain('app-1.0.0.debug.tar.gz');
    expect(readdirSync(folder)).not.toContain('app-1.0.0.upgrade.tar.gz');
    expect(github.requests()).toContain('GetStoredAsset');
    expect(github.releases.storageSawToken).toBe(false);
  });

  it('whose download breaks off is downloaded again', async () => {
    await publish();
    github.inject({ method: 'GetStoredAsset', kind: 'cut', times: 2 });
    github.inject({ method: 'GetReleaseAsset', kind: 'reset' });
    expect(readFileSync((await take()).path, 'utf8')).toBe('full package of app-1.0.0');
  });

  it('whose tag was moved is what was shipped: taken, with a warning', async () => {
    await publish();
    const { findings } = await take('d'.repeat(40));
    expect(findings).toMatchObject([{ id: 'published-tag-moved', severity: 'warning' }]);
    expect(findings[0]?.message).toContain(
      'leads to ddddddd, but the package of its GitHub release was made of ccccccc',
    );
  });

  it.each(['app-1.0.0.tar.gz', 'app-1.0.0.debug.tar.gz'])('whose %s is missing is refused', async (name) => {
    await publish();
    github.releases.assets.splice(github.releases.assets.indexOf(assetNamed(name)), 1);
    expect(await refusal(take())).toBe(
      `The GitHub release v1.0.0 lacks the file ${name}, which its manifest names.`,
    );
  });

  it('that is not the one of the manifest is refused, as is a manifest that is not the one of the sums', async () => {
    await publish();
    github.releases.replace(assetNamed('app-1.0.0.tar.gz'), 'full package of app-1.0.x');
    expect(await refusal(take())).toBe(
      'The file app-1.0.0.tar.gz of the GitHub release v1.0.0 is not what was published: it was replaced or damaged.',
    );
    const [, , , other = ''] = madeFiles(temporaryFolder(), { verdict: 'hot' });
    github.releases.replace(assetNamed('app-1.0.0.manifest.json'), readFileSync(other));
    expect(await refusal(take())).toContain(
      'The file app-1.0.0.manifest.json of the GitHub release v1.0.0 is not what',
    );
    github.releases.replace(assetNamed('app-1.0.0.manifest.json'), '{"manifestVersion":1}');
    expect(await refusal(take())).toBe(
      'The manifest app-1.0.0.manifest.json was changed or damaged after it was written.',
    );
  });

  it('whose manifest leads out of the folder is refused', async () => {
    const file = { file: '../evil.tar.gz', size: 1, sha256: 'a'.repeat(64), files: [] };
    await publish({ packages: { full: file } });
    expect(await refusal(take())).toContain(
      'The file ../evil.tar.gz of the GitHub release v1.0.0 is not what',
    );
  });
});

describe('which package', () => {
  it('of several releases of a repository: by the project’s folder, and by the release’s name', async () => {
    await publish({ name: 'front', projectPath: 'apps/front' });
    await publish({ name: 'back', projectPath: 'apps/back' });
    await publish({ name: 'side', projectPath: 'apps/back' });
    expect(await find({ projectPath: 'apps/front' })).toMatchObject({ manifest: { name: 'front' } });
    expect(await find({ projectPath: 'apps/back', release: 'side' })).toMatchObject({
      manifest: { name: 'side' },
    });
    expect(await find({ projectPath: 'apps/back' })).toEqual({
      why: 'the GitHub release v1.0.0 has packages of several releases (back, side)',
    });
    expect(await find()).toEqual({ why: 'the GitHub release v1.0.0 has no manifest of this release' });
  });

  it('none of a tag without a release, or with a draft', async () => {
    const why = 'the tag v1.0.0 has no GitHub release, or only a draft';
    expect(await find()).toEqual({ why });
    github.releases.add({ tag: 'v1.0.0', draft: true });
    await publish();
    expect(await find()).toEqual({ why });
  });

  it('none of another version, unless the tag names none, nor of another manifest', async () => {
    await publish({ version: '0.9.0' });
    expect(await find()).toEqual({ why: 'the GitHub release v1.0.0 has no manifest of this release' });
    expect(await find({ isReleaseTag: false })).toMatchObject({ manifest: { version: '0.9.0' } });
    github.releases.replace(assetNamed('app-0.9.0.manifest.json'), '{"manifestVersion":2}');
    expect(await find()).toEqual({
      why: 'app-0.9.0.manifest.json was written by another version of relup-action',
    });
  });

  it('tags that were published, on all pages', async () => {
    await publish();
    github.releases.add({ tag: 'v2.0.0', draft: true });
    await publish({}, 'v2.0.0');
    for (let number = 0; number < 150; number += 1) github.releases.add({ tag: `other-${number}` });
    expect([...(await publishedTags(github.readToken))]).toEqual(['v1.0.0']);
    expect([...(await publishedTags(github.token))]).toEqual(['v1.0.0']);
  });
});
