import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeployManifest } from '../model/deploy-input.js';
import { releaseEnvironment } from './scratch/scratch-node.js';
import type { BuiltRelease } from '../model/release.js';
import type { VersionContext } from './lane.js';
import type { RehearsalOptions } from './rehearsal-options.js';
import type { Rehearsal, RehearsedVersion } from '../model/rehearsal.js';
import { Recorder } from './recorder.js';
import { describePackage } from './roots.js';
import { rehearseVersion } from './from-version.js';

/**
 * Proves the upgrade (H50–H58): installs the very packages that will be shipped on scratch nodes of every up-from release,
 * up, down, up again and through a restart, and compares each step with a boot of the same release. One up-from version
 * after the other; the full package is tried with the first of them.
 *
 * Findings do not throw; what does is a defect, or a machine that cannot run the programs needed.
 */
export async function rehearse(options: RehearsalOptions): Promise<Rehearsal> {
  await mkdir(options.logFolder, { recursive: true, mode: 0o700 });
  const [manifest, upgrade, full] = await Promise.all([
    manifestOf(options),
    describePackage(options.upgrade, join(options.folder, 'upgrade-package')),
    options.full === undefined
      ? undefined
      : describePackage(options.full, join(options.folder, 'full-package')),
  ]);
  const versions: RehearsedVersion[] = [];
  for (const [index, upFrom] of options.upFrom.entries()) {
    const packages = index === 0 && full !== undefined ? { upgrade, full } : { upgrade };
    versions.push(await rehearseVersion(contextOf({ options, upFrom, manifest, index }), packages));
  }
  const outcomes = versions.map(({ outcome }) => outcome);
  return {
    outcome: (['failed', 'unproven'] as const).find((one) => outcomes.includes(one)) ?? 'passed',
    versions,
  };
}

function contextOf({
  options,
  upFrom,
  manifest,
  index,
}: {
  readonly options: RehearsalOptions;
  readonly upFrom: BuiltRelease;
  readonly manifest: DeployManifest;
  readonly index: number;
}): VersionContext {
  const deadline = performance.now() + 1000 * options.timeoutSeconds;
  return {
    options,
    upFrom,
    manifest,
    environment: options.env ?? releaseEnvironment(process.env),
    identity: {
      id: randomBytes(6).toString('hex'),
      cookie: randomBytes(20).toString('hex'),
      nodeName: options.nodeName,
    },
    recorder: new Recorder(upFrom.version),
    folder: join(options.folder, String(index)),
    remaining: () => Math.max(1, Math.floor((deadline - performance.now()) / 1000)),
  };
}

/** What the steps of a deploy need to know of the releases. */
async function manifestOf({ erlang, release, upFrom }: RehearsalOptions): Promise<DeployManifest> {
  const toolchain = await erlang.query<DeployManifest['toolchain']>('toolchain', []);
  const { name, version, erts, applications } = release;
  return { name, version, erts, toolchain, applications, upFrom };
}
