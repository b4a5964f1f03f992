import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isRefLike, type Git } from '../programs/git.js';
import { ActionError, BadInputError, CommandFailedError } from '../shared/errors.js';
import type { History } from './history.js';
import { nearestNames } from './nearest-names.js';
import type { UpFromChoice } from '../model/refs.js';

/** Before a tag whose published package is meant; no ref has a colon in it. */
const PUBLISHED = 'release:';

/** The ref that an item names. Pure. */
function refOf(item: string): string {
  return item.startsWith(PUBLISHED) ? item.slice(PUBLISHED.length) : item;
}

/**
 * Finds what an item of `upgrade-from` names: a file when it ends in `.tar.gz`, else a git ref, which is fetched when it
 * is not here.
 *
 * @throws {BadInputError} when there is no such thing, or it is the new commit itself
 */
export async function findNamed({
  git,
  history,
  item,
  baseDir,
}: {
  readonly git: Git;
  readonly history: History;
  readonly item: string;
  readonly baseDir: string;
}): Promise<UpFromChoice> {
  if (item.endsWith('.tar.gz')) return { kind: 'tarball', path: await findTarball(item, baseDir) };
  const ref = refOf(item);
  if (!isRefLike(ref)) {
    throw new BadInputError(
      `upgrade-from: ${JSON.stringify(item)} cannot be the name of a tag, branch or commit.`,
      {
        remedy:
          'Write auto, none, or tags, branches, commits and paths that end in .tar.gz, separated by commas.',
      },
    );
  }
  const commit = (await git.resolve(ref)) ?? (await fetchRef(git, history, ref));
  if (commit === undefined) throw await unknownRef(git, ref);
  if (commit === git.head) {
    throw new BadInputError(`upgrade-from: ${item} is the checked-out commit itself, the new release.`, {
      remedy: 'Name an earlier release, or write auto.',
    });
  }
  return { kind: 'ref', ref, commit, ...(ref === item ? {} : { published: 'required' }) };
}

async function findTarball(item: string, baseDir: string): Promise<string> {
  const path = resolve(baseDir, item);
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (isFile) return path;
  throw new BadInputError(`upgrade-from: there is no file ${item} in ${baseDir}.`, {
    remedy:
      'Put the release package there in an earlier step (actions/download-artifact, gh release download).',
  });
}

/** A ref that is not in the checkout, fetched. @throws {ActionError} when the remote cannot be asked */
export async function fetchRef(git: Git, history: History, ref: string): Promise<string | undefined> {
  try {
    await history.fetch();
  } catch (error) {
    if (!(error instanceof CommandFailedError)) throw error;
    throw new ActionError(
      `upgrade-from: ${ref} is not in this checkout and could not be fetched: ${error.message}`,
      {
        remedy: 'Give actions/checkout `fetch-depth: 0`, so that all tags and branches are there.',
        details: error.details,
        cause: error,
      },
    );
  }
  return (await git.resolve(ref)) ?? ((await git.fetchCommit(ref)) ? await git.resolve(ref) : undefined);
}

async function unknownRef(git: Git, ref: string): Promise<BadInputError> {
  const names = await git.refNames();
  const nearest = nearestNames(ref, names);
  const exists =
    nearest.length === 0 ? 'there are no tags and branches at all' : `nearest: ${nearest.join(', ')}`;
  return new BadInputError(
    `upgrade-from: there is no tag, branch or commit ${ref} in the repository; ${exists}.`,
    {
      remedy: 'Name an existing one in `upgrade-from`, or write auto.',
    },
  );
}
