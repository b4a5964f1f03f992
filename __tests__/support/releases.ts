import type { BuiltRelease, ReleaseApplication } from '../../src/model/release.js';

export function application(
  name: string,
  version: string,
  modules: Readonly<Record<string, string>> = {},
): ReleaseApplication {
  return { name, version, dir: `lib/${name}-${version}`, modules };
}

/** A release as the build phase would describe it; everything can be replaced. */
export function builtRelease(
  version: string,
  applications: readonly ReleaseApplication[] = [],
  changes: Partial<BuiltRelease> = {},
): BuiltRelease {
  return {
    root: `/releases/${version}`,
    name: 'hello',
    version,
    erts: '15.2.7',
    includesErts: true,
    applications,
    source: {
      kind: 'ref',
      ref: version,
      commit: '0'.repeat(40),
      projectDir: `/builds/${version}`,
      buildDir: `/builds/${version}/_build/prod`,
    },
    ...changes,
  };
}
