import { MANIFEST_SUFFIX } from './find.js';
import { allReleases } from './releases.js';
import { openRepository } from './repository.js';

/** The tags whose GitHub release, not a draft, has packages of relup-action. @throws {ActionError} */
export async function publishedTags(token: string): Promise<ReadonlySet<string>> {
  const releases = await allReleases(await openRepository(token));
  const published = releases.filter(
    ({ draft, files }) => !draft && files.some((name) => name.endsWith(MANIFEST_SUFFIX)),
  );
  return new Set(published.map(({ tag }) => tag));
}
