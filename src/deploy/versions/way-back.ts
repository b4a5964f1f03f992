import type { DeployManifest } from '../../model/deploy-input.js';

/**
 * The manifest of an upgrade from what runs to an earlier release, by the relup's way down: what was up is down. Pure.
 *
 * @param runs the manifest of what runs
 * @param version the release to go to
 * @returns undefined when that relup has no way down to it
 */
export function wayBack(runs: DeployManifest, version: string): DeployManifest | undefined {
  const target = runs.upFrom.find((one) => one.version === version);
  const down = runs.relup?.down.find((one) => one.version === version);
  const up = runs.relup?.up.find((one) => one.version === version);
  if (target === undefined || down === undefined || up === undefined) return undefined;
  const { name, erts, toolchain, applications, selfMade } = runs;
  const turned = { version: runs.version };
  return {
    ...{ name, version, erts, toolchain },
    ...{ upgradeKind: 'hot', verdict: 'hot' },
    applications: target.applications,
    ...(target.selfMade === undefined ? {} : { selfMade: target.selfMade }),
    ...(target.commit === undefined ? {} : { commit: target.commit }),
    upFrom: [
      {
        ...turned,
        applications,
        ...(selfMade === undefined ? {} : { selfMade }),
        ...(runs.commit === undefined ? {} : { commit: runs.commit }),
      },
    ],
    relup: {
      up: [{ ...turned, instructions: down.instructions }],
      down: [{ ...turned, instructions: up.instructions }],
    },
  };
}
