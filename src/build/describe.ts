import { warning } from '@actions/core';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { type BuiltRelease, DEBUG_SUFFIX, type ReleaseSource, foldersOf } from '../model/release.js';
import type { Erlang } from '../programs/erlang.js';
import { ErlangError } from '../programs/erlang-answer.js';
import {
  type ActionError,
  type ActionErrorOptions,
  BadInputError,
  CommandFailedError,
} from '../shared/errors.js';
import { defined } from '../shared/optional.js';
import { sha256 } from '../shared/sha256.js';
import type { Workspace } from '../shared/workspace.js';
import { checkRelease, type ReleaseDescription } from './release-checks.js';
import { unended } from '../shared/unended.js';

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
  /** Whether it is upgraded from, and so shipped already. */
  readonly isUpFrom?: boolean | undefined;
  /** Whether rebar3 may have made its version up, as it does without a tag. */
  readonly mayBeMadeUp?: boolean | undefined;
}

/**
 * Unpacks a release package into the workspace, and describes and checks what comes out. Members are checked before
 * anything is extracted (H105).
 *
 * @throws {BadInputError} when the package is damaged, unsafe, or holds no release
 */
export async function unpackRelease(place: Place, path: string, origin: Origin): Promise<BuiltRelease> {
  const root = await place.workspace.folder('unpacked', sha256(path).slice(0, 12));
  const description = await inWords(
    () =>
      place.erlang.query<ReleaseDescription>('describe-package', [path, root, ...foldersOf(origin.source)]),
    (reason, options) =>
      new BadInputError(`${basename(path)} cannot be used as a release package: ${reason}.`, {
        remedy: 'Give the .tar.gz that `rebar3 tar` or relup-action made, unchanged.',
        ...options,
      }),
  );
  return toRelease(description, { root, tarball: path, origin });
}

/**
 * Unpacks the package with debug information that belongs to a release, if there is one: the next build's comparisons are the
 * better for it, and nothing else depends on it.
 *
 * @returns the folder that stands in for `_build/<profile>`
 */
export async function unpackDebug({ erlang, workspace }: Place, path: string): Promise<string | undefined> {
  if (!existsSync(path)) return undefined;
  const folder = await workspace.folder('debug', sha256(path).slice(0, 12));
  try {
    await erlang.query('unpack', [path, folder]);
    return folder;
  } catch (error) {
    if (!(error instanceof ErlangError || isLate(error))) throw error;
    warning(`${basename(path)} is not used: ${error.message}`);
    return undefined;
  }
}

/** Beside the release package. */
export function debugPackageOf(tarball: string): string {
  return tarball.replace(/(?:\.upgrade)?\.tar\.gz$/, DEBUG_SUFFIX);
}

async function inWords<T>(
  ask: () => Promise<T>,
  explain: (reason: string, options: ActionErrorOptions) => ActionError,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (isLate(error)) {
      throw explain(`unpacking it and reading its code ${error.end.text}`, {
        details: error.details,
        cause: error,
      });
    }
    if (!(error instanceof ErlangError)) throw error;
    throw explain(unended(error.message), { details: error.details, cause: error });
  }
}

function isLate(error: unknown): error is CommandFailedError {
  return error instanceof CommandFailedError && error.end.kind === 'timed-out';
}

function toRelease(
  description: ReleaseDescription,
  { root, tarball, origin }: { root: string; tarball: string; origin: Origin },
): BuiltRelease {
  checkRelease(description, origin.at, origin);
  const { name, version, erts, includesErts } = description;
  const applications = description.applications.map(({ name, version, dir, type, otp, modules, md5s }) => ({
    ...{ name, version, dir, modules },
    ...defined({ type, otp: otp === true ? otp : undefined, md5s }),
  }));
  return { root, tarball, name, version, erts, includesErts, applications, source: origin.source };
}
