import { compareReleases } from '../model/release-difference.js';
import type { BuiltRelease } from '../model/release.js';
import { RefusedError } from '../shared/errors.js';

/**
 * Two releases between which there can be an upgrade. Pure.
 *
 * @param maySameVersion whether a version that nobody raised is no fault: a check raises it itself
 * @throws {RefusedError}
 */
export function checkPair(upFrom: BuiltRelease, release: BuiltRelease, maySameVersion: boolean): void {
  if (upFrom.name !== release.name) {
    throw new RefusedError(
      `The up-from release is ${upFrom.name} ${upFrom.version}, but the new one is ${release.name} ${release.version}.`,
      {
        remedy:
          'A node is upgraded within one release name: set the input `release`, or upgrade-from another version.',
      },
    );
  }
  if (maySameVersion || upFrom.version !== release.version) return;
  throw new RefusedError(
    `Both releases are ${release.name} ${release.version}: the release version was not raised.`,
    {
      remedy: `Raise it in rebar.config: {release, {${release.name}, "<new version>"}, …}.${unraised(upFrom, release)}`,
      location: { file: 'rebar.config' },
    },
  );
}

/** Otherwise it would be the next refusal. */
function unraised(upFrom: BuiltRelease, release: BuiltRelease): string {
  const { unbumped } = compareReleases(upFrom, release);
  const own = unbumped.filter(
    ({ name }) => !release.applications.some((one) => one.name === name && one.otp === true),
  );
  if (own.length === 0) return '';
  const names = own.map(({ name, to = '' }) => `${name} (${to})`).join(', ');
  return ` Raise the application version, too, where code changed: ${names}, in the .app.src.`;
}

/** Every up-from version is there once. Pure. @throws {RefusedError} */
export function checkDistinct(releases: readonly BuiltRelease[]): void {
  const seen = new Set<string>();
  for (const { name, version } of releases) {
    if (seen.has(version)) {
      throw new RefusedError(`Two of the up-from releases are ${name} ${version}.`, {
        remedy: 'Name each version once in `upgrade-from`.',
      });
    }
    seen.add(version);
  }
}
