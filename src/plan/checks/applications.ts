import type { Finding } from '../../model/finding.js';
import { compareApplicationVersions } from './application-version.js';
import type { BuiltRelease } from '../../model/release.js';
import type { ReleaseDifference } from '../../model/release-difference.js';
import { versionLocation } from '../version-location.js';
import { applicationPlace, type Places } from './module-places.js';

/** A module that two applications of one release have: which of them is loaded depends on the code path (H35). Pure but for places. */
export function checkDuplicates(releases: readonly BuiltRelease[], places: Places): Finding[] {
  return releases.flatMap((release) => {
    const owners = new Map<string, string[]>();
    for (const { name, modules } of release.applications) {
      for (const module of Object.keys(modules)) owners.set(module, [...(owners.get(module) ?? []), name]);
    }
    return [...owners].flatMap(([module, applications]): Finding[] =>
      applications.length < 2
        ? []
        : [
            {
              id: 'duplicate-module',
              severity: 'error',
              application: applications[0] as string,
              module,
              message: `Release ${release.version} has the module ${module} in ${applications.join(' and in ')}.`,
              remedy: 'Keep it in one application, and let the others depend on that.',
              location: applicationPlace(places, applications.at(-1) as string),
            },
          ],
    );
  });
}

/** Application versions that go down: allowed, and most often a mistake. */
export function checkVersionOrder(differences: readonly ReleaseDifference[], places: Places): Finding[] {
  return differences.flatMap(({ upFrom, changed }) =>
    changed
      .filter(({ from, to }) => compareApplicationVersions(to as string, from as string) < 0)
      .map(({ name, from, to }) => ({
        id: 'application-version-down',
        severity: 'warning' as const,
        application: name,
        message: `The version of application ${name} goes down, from ${from ?? ''} in release ${upFrom.version} to ${to ?? ''}.`,
        remedy: 'Give it a higher version, unless you mean to go back to older code.',
        location: versionLocation(places.projectDir, places.projectPath, name),
      })),
  );
}
