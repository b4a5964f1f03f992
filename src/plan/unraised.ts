import type { ApplicationChange, ReleaseDifference } from '../model/release-difference.js';
import { compareReleases } from '../model/release-difference.js';
import type { RaisedVersion, RaisedVersions } from '../model/raised.js';
import type { BuiltRelease } from '../model/release.js';
import type { Erlang } from '../programs/erlang.js';
import { findSources, readSources, type AppupPlaces } from './appups/sources.js';
import { compareApplicationVersions } from './checks/application-version.js';
import { isBehindTag } from './places-to-raise.js';
import { nextVersion } from './version-patch.js';

export interface UnraisedOptions {
  readonly erlang: Erlang;
  readonly release: BuiltRelease;
  readonly upFrom: readonly BuiltRelease[];
  readonly places: AppupPlaces;
  /** A private folder for evaluated appups. */
  readonly outFolder: string;
}

/**
 * The versions that a tag will have to raise, and what a check takes for them: the version that a hand-written appup names, which
 * was written for the coming one, else the next number.
 *
 * @returns undefined when all are raised
 */
export async function versionsToRaise(options: UnraisedOptions): Promise<RaisedVersions | undefined> {
  const { release, upFrom } = options;
  const applications = await Promise.all(
    changedApplications(options).map(({ name, version, isOpen }) =>
      raise(options, { name, version, isOpen }),
    ),
  );
  const raised = applications.filter((one) => one !== undefined);
  const others = upFrom.map((one) => one.version);
  if (!others.includes(release.version)) {
    return raised.length === 0 ? undefined : { applications: raised };
  }
  const { name, version } = release;
  return { release: { name, version, raised: unlike(version, others) }, applications: raised };
}

interface Changed {
  readonly name: string;
  readonly version: string;
  /** Whether only the tag will give it its version; else it must be raised. */
  readonly isOpen: boolean;
}

function changedApplications({ release, upFrom }: UnraisedOptions): Changed[] {
  const otp = new Set(release.applications.flatMap(({ name, otp }) => (otp === true ? [name] : [])));
  const differences: ReleaseDifference[] = upFrom.map((one) => compareReleases(one, release));
  const named = (changes: readonly ApplicationChange[], isOpen: boolean): Changed[] =>
    changes.map(({ name, to = '' }) => ({ name, version: to, isOpen }));
  const all = [
    ...named(
      differences.flatMap(({ changed }) => changed.filter(({ to = '' }) => isBehindTag(to))),
      true,
    ),
    ...named(
      differences.flatMap(({ unbumped }) => unbumped),
      false,
    ),
  ].filter(({ name }) => !otp.has(name));
  return [...new Map(all.map((one) => [one.name, one])).values()];
}

async function raise(options: UnraisedOptions, one: Changed): Promise<RaisedVersion | undefined> {
  const { name, version, isOpen } = one;
  const others = versionsOf(options.upFrom, name);
  const announced = await announcedVersion(options, one, others);
  if (announced === undefined && isOpen) return undefined;
  return { name, version, raised: announced ?? unlike(version, others) };
}

function versionsOf(upFrom: readonly BuiltRelease[], application: string): string[] {
  return upFrom.flatMap(({ applications }) =>
    applications.flatMap(({ name, version }) => (name === application ? [version] : [])),
  );
}

/** The version that a hand-written appup is for, when it comes after all that are upgraded from. */
async function announcedVersion(
  { erlang, places, outFolder }: UnraisedOptions,
  { name, version }: Changed,
  others: readonly string[],
): Promise<string | undefined> {
  const request = { application: name, version, upFrom: [...new Set(others)] };
  const sources = (await findSources(places, request)).filter(({ origin }) => origin === 'hand-written');
  const [read = []] = await readSources({ erlang, places, outFolder, requests: [{ ...request, sources }] });
  return read
    .flatMap((source) => ('problem' in source ? [] : [source.version]))
    .find((said) => said !== version && others.every((other) => compareApplicationVersions(said, other) > 0));
}

/** The next version that none of the others is. */
function unlike(version: string, others: readonly string[]): string {
  let next = nextVersion(version) ?? `${version}.1`;
  while (others.includes(next)) next = nextVersion(next) ?? `${next}.1`;
  return next;
}
