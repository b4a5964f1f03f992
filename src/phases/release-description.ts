import { basename } from 'node:path';
import type { Erlang } from '../programs/erlang.js';
import { ErlangError } from '../programs/erlang.js';
import { BadInputError } from '../shared/errors.js';
import type { BuiltRelease, ReleaseSource } from '../shared/release.js';
import { sha256 } from '../shared/sha256.js';
import type { Workspace } from '../shared/workspace.js';
import { checkRelease, type ReleaseDescription } from './release-checks.js';

interface Place {
  readonly erlang: Erlang;
  readonly workspace: Workspace;
}

/** Where a release comes from, and what it must agree with. */
export interface Origin {
  readonly source: ReleaseSource;
  /** How messages name it, e.g. `tag 0.2.0`. */
  readonly at: string;
  /** The release tag it was built from, when there is one. */
  readonly tag?: string | undefined;
}

/**
 * Describes and checks a release in a folder.
 *
 * @throws {RefusedError} when release_handler cannot upgrade it, or it is not what its tag says
 */
export async function describeRelease(erlang: Erlang, root: string, origin: Origin): Promise<BuiltRelease> {
  const description = await erlang.query<ReleaseDescription>('describe', [root]);
  checkRelease(description, origin.at, origin.tag);
  const { name, version, erts, includesErts } = description;
  const applications = description.applications.map(({ name, version, dir, modules }) => ({
    name,
    version,
    dir,
    modules,
  }));
  return { root, name, version, erts, includesErts, applications, source: origin.source };
}

/**
 * Unpacks a release package into the workspace, and describes and checks what comes out. Members are checked before
 * anything is extracted (H105).
 *
 * @throws {BadInputError} when the package is damaged, unsafe, or holds no release
 */
export async function unpackRelease(place: Place, path: string, origin: Origin): Promise<BuiltRelease> {
  const root = await place.workspace.folder('unpacked', sha256(path).slice(0, 12));
  try {
    await place.erlang.query('unpack', [path, root]);
    return { ...(await describeRelease(place.erlang, root, origin)), tarball: path };
  } catch (error) {
    if (!(error instanceof ErlangError)) throw error;
    throw new BadInputError(`${basename(path)} cannot be used as a release package: ${error.message}`, {
      remedy: 'Give the .tar.gz that `rebar3 tar` or relup-action made, unchanged.',
      details: error.details,
      cause: error,
    });
  }
}
