import { hasStatus } from './github-failure.js';
import { askGithub, type Repository } from './repository.js';

/** A release on GitHub. */
export interface GithubRelease {
  readonly id: number;
  readonly tag: string;
  readonly draft: boolean;
  /** Its page. */
  readonly url: string;
  /** Where its assets are uploaded to: a URI template. */
  readonly uploadUrl: string;
  readonly notes: string;
  /** Names of its files. */
  readonly files: readonly string[];
}

interface Answer {
  readonly id: number;
  readonly tag_name: string;
  readonly draft: boolean;
  readonly html_url: string;
  readonly upload_url: string;
  readonly body?: string | null;
  readonly assets: readonly { readonly name: string }[];
}

function toRelease({ id, tag_name: tag, draft, ...rest }: Answer): GithubRelease {
  const files = rest.assets.map(({ name }) => name);
  return { id, tag, draft, url: rest.html_url, uploadUrl: rest.upload_url, notes: rest.body ?? '', files };
}

const nameOf = ({ owner, repo }: Repository): string => `${owner}/${repo}`;

/** The published release of a tag; undefined when there is none, or only a draft. @throws {ActionError} */
export async function publishedRelease(
  repository: Repository,
  tag: string,
): Promise<GithubRelease | undefined> {
  const { octokit, owner, repo } = repository;
  const what = `The GitHub release of the tag ${tag} could not be looked up`;
  return askGithub(what, 'contents: read', async () => {
    try {
      return toRelease((await octokit.rest.repos.getReleaseByTag({ owner, repo, tag })).data);
    } catch (error) {
      if (hasStatus(error, 404)) return undefined;
      throw error;
    }
  });
}

/** All releases that the token may see; drafts only when it may write. @throws {ActionError} */
export async function allReleases(repository: Repository): Promise<GithubRelease[]> {
  const { octokit, owner, repo } = repository;
  const what = `The GitHub releases of ${nameOf(repository)} could not be listed`;
  return askGithub(what, 'contents: read', async () =>
    (await octokit.paginate(octokit.rest.repos.listReleases, { owner, repo, per_page: 100 })).map(toRelease),
  );
}

/** What is said of a release that is made. */
export interface NewRelease {
  readonly tag: string;
  /** The tag's; GitHub makes a tag that it does not know of it. */
  readonly commit: string;
  readonly preRelease: boolean;
  readonly notes: string;
}

/** The release of the tag, published or a draft, or a new draft. @throws {ActionError} */
export async function releaseToFill(repository: Repository, wanted: NewRelease): Promise<GithubRelease> {
  const { octokit, owner, repo } = repository;
  const { tag, commit, preRelease, notes } = wanted;
  const what = `The GitHub release of the tag ${tag} could not be created`;
  // Looked for before each attempt: one that failed may have made it.
  return askGithub(what, 'contents: write', async () => {
    const found =
      (await publishedRelease(repository, tag)) ??
      (await allReleases(repository)).find((one) => one.draft && one.tag === tag);
    if (found !== undefined) return found;
    const { data } = await octokit.rest.repos.createRelease({
      ...{ owner, repo, tag_name: tag, target_commitish: commit, name: tag, body: notes },
      ...{ draft: true, prerelease: preRelease },
    });
    return toRelease(data);
  });
}

/** Makes a draft public. @throws {ActionError} */
export async function publishDraft(
  repository: Repository,
  { id, tag }: GithubRelease,
  notes: string,
): Promise<GithubRelease> {
  const { octokit, owner, repo } = repository;
  const what = `The GitHub release of the tag ${tag} could not be published`;
  return askGithub(what, 'contents: write', async () => {
    const { data } = await octokit.rest.repos.updateRelease({
      ...{ owner, repo, release_id: id, body: notes, draft: false },
      // A fix for an older version is not the latest release.
      make_latest: 'legacy',
    });
    return toRelease(data);
  });
}

/** The commit that a tag leads to on GitHub; undefined when there is no such tag. @throws {ActionError} */
export async function remoteCommit(repository: Repository, tag: string): Promise<string | undefined> {
  const { octokit, owner, repo } = repository;
  const what = `The commit of the tag ${tag} could not be looked up`;
  return askGithub(what, 'contents: read', async () => {
    try {
      return (await octokit.rest.repos.getCommit({ owner, repo, ref: `tags/${tag}` })).data.sha;
    } catch (error) {
      if (hasStatus(error, 404) || hasStatus(error, 422)) return undefined;
      throw error;
    }
  });
}
