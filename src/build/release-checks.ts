import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RefusedError } from '../shared/errors.js';
import {
  isApplicationName,
  isPathComponent,
  isReleaseName,
  isVersion,
  tagNamesVersion,
} from '../shared/names.js';
import type { ReleaseApplication } from '../model/release.js';

/** What `describe` (src/erlang/relup_describe.erl) tells of a release. */
export interface ReleaseDescription {
  readonly name: string;
  readonly version: string;
  readonly erts: string;
  readonly relFile: string;
  readonly includesErts: boolean;
  readonly applications: readonly (ReleaseApplication & {
    readonly present: boolean;
    readonly link: boolean;
  })[];
}

/** What rebar3's `{vsn, git}` makes up when it sees no tag (H15). */
const MADE_UP_VERSION = /^0\.0\.0\+build\./;

interface Known {
  readonly tag?: string | undefined;
  readonly isUpFrom?: boolean | undefined;
  readonly mayBeMadeUp?: boolean | undefined;
}

/**
 * Refuses a release that release_handler cannot upgrade, or that is not what its tag says.
 *
 * @param at how messages name the release, e.g. `tag 0.2.0`
 * @param known.tag the release tag the release was built from, when there is one
 * @param known.isUpFrom whether nodes run it already, so that it cannot be changed any more
 * @param known.mayBeMadeUp whether a version without a tag is as good as another
 * @throws {RefusedError} H6, H15, H19, H20
 */
export function checkRelease(
  release: ReleaseDescription,
  at: string,
  { tag, isUpFrom = false, mayBeMadeUp = false }: Known = {},
): void {
  checkVersions(release, at, mayBeMadeUp);
  if (tag !== undefined) checkTag(release.version, tag, at);
  checkSystemLibraries(release, at);
  if (!release.applications.some(({ name }) => name === 'sasl')) throw withoutSasl(release, at, isUpFrom);
}

function withoutSasl({ name, version }: ReleaseDescription, at: string, isUpFrom: boolean): RefusedError {
  const message = `The release ${name} ${version} (${at}) does not contain sasl, so its node has no release_handler.`;
  return new RefusedError(message, {
    remedy: isUpFrom
      ? `Nodes of ${version} cannot be upgraded hot. Set \`upgrade-from: none\` for the new version only, and restart the nodes once to run it; from that version on, hot upgrades are possible.`
      : `Add sasl to the release in rebar.config: \`{release, {${name}, "${version}"}, [${name}, sasl]}\`. If the version before lacks it, too, set \`upgrade-from: none\` for this one, and restart the nodes once to run it.`,
    location: { file: 'rebar.config' },
  });
}

function checkVersions(release: ReleaseDescription, at: string, mayBeMadeUp: boolean): void {
  if (!isReleaseName(release.name)) throw badName('release', release.name, at);
  for (const { name } of release.applications) {
    if (!isApplicationName(name)) throw badName('application', name, at);
  }
  const named = [
    { what: `release ${release.name}`, version: release.version },
    ...release.applications.map(({ name, version }) => ({ what: `application ${name}`, version })),
  ];
  for (const { what, version } of named) {
    if (MADE_UP_VERSION.test(version) && !mayBeMadeUp) {
      throw new RefusedError(
        `The version of ${what} (${at}) is ${version}: rebar3 saw no git tag to take it from.`,
        {
          remedy: 'Set `fetch-depth: 0` in the actions/checkout step, or write the version instead of `git`.',
        },
      );
    }
    if (!isVersion(version)) throw badVersion(what, version, at);
  }
}

function badName(kind: string, name: string, at: string): RefusedError {
  return new RefusedError(
    `The ${kind} name ${JSON.stringify(name)} (${at}) cannot be part of a file's name.`,
    {
      remedy: 'Use letters, digits, _ @ and - only, and begin with a letter.',
    },
  );
}

function badVersion(what: string, version: string, at: string): RefusedError {
  return new RefusedError(
    `The version of ${what} (${at}) is ${JSON.stringify(version)}, which cannot be a folder's name.`,
    { remedy: 'Use letters, digits, and . _ + ~ - only, e.g. a tag without "/".' },
  );
}

/** A release or an application as a project's files name it; a version that is made at build time is null. */
export interface Named {
  readonly kind: 'release' | 'application';
  readonly name: string;
  readonly version: string | null;
}

/**
 * Refuses names and versions that lead out of their folder before anything is built: relx makes folders of them, wherever
 * they lead to. Everything else about them is checked in the finished release.
 *
 * @throws {RefusedError} H15, H99
 */
export function checkNames(names: readonly Named[], at: string): void {
  for (const { kind, name, version } of names) {
    if (!isPathComponent(name)) throw badName(kind, name, at);
    if (version !== null && !isPathComponent(version)) throw badVersion(`${kind} ${name}`, version, at);
  }
}

function checkTag(version: string, tag: string, at: string): void {
  if (tagNamesVersion(tag, version)) return;
  throw new RefusedError(`The git tag is ${tag} but the release version built at ${at} is ${version}.`, {
    remedy: `Set the release version in rebar.config's {release, {Name, Vsn}, …} to the tag's, or give the commit a tag that names ${version}, if there is none yet.`,
    location: { file: 'rebar.config' },
  });
}

function checkSystemLibraries(release: ReleaseDescription, at: string): void {
  const missing = release.applications.filter((application) => !application.present).map(({ name }) => name);
  if (missing.length === 0) return;
  throw new RefusedError(
    `The release ${release.name} ${release.version} (${at}) lacks the folders of ${missing.join(', ')}, so release_handler cannot upgrade it.`,
    {
      remedy:
        'Write {system_libs, true} (or {mode, prod} without {system_libs, false}) in the relx section of this profile.',
      location: { file: 'rebar.config' },
    },
  );
}

/**
 * Refuses an assembled release whose applications are links (H19: relx's dev_mode); its tarball would be fine to look at,
 * but the profile is not meant to be shipped and release_handler's answer to it is "unsafe path".
 *
 * @param root the assembled release, e.g. `_build/prod/rel/<name>`
 */
export async function checkAssembled(root: string, at: string, profile: string): Promise<void> {
  const lib = join(root, 'lib');
  for (const entry of await readdir(lib)) {
    if (!(await lstat(join(lib, entry))).isSymbolicLink()) continue;
    throw new RefusedError(
      `The release at ${at} was assembled in dev_mode: lib/${entry} is a link, not a folder.`,
      {
        remedy: `Write {profiles, [{${profile}, [{relx, [{dev_mode, false}, {include_erts, true}]}]}]}. in rebar.config (with dev_mode, relx makes links that release_handler rejects as "unsafe path").`,
        location: { file: 'rebar.config' },
      },
    );
  }
}
