import type { DeployManifest } from '../model/deploy-input.js';
import type { NodeState } from '../model/deploy.js';
import type { NodeSnapshot } from '../model/node.js';
import { releasesText } from '../model/node.js';
import { releaseByCode } from '../node/node-code.js';
import { verifyRunningCode } from '../node/release-handler.js';

/** What ran before the installation. */
export interface RunBefore {
  readonly snapshot: Pick<NodeSnapshot, 'osPid' | 'instance' | 'environment' | 'applications'>;
  /** Release version. */
  readonly runs: string;
}

/** An installation that did not lead to the new release. */
export interface InstallFailure {
  readonly nodeState: NodeState;
  /** What runs now; one sentence. */
  readonly sentence: string;
  readonly remedy?: string;
  /** The old release runs as a whole, so that what was unpacked can be taken back. */
  readonly runsOld: boolean;
}

/**
 * Pure: judges an installation by what runs afterwards, never by the answer (H51, H69–H71).
 *
 * @param after the settled node; undefined when it did not settle.
 * @returns undefined when the new release runs.
 */
export function installFailure(
  manifest: DeployManifest,
  check: RunBefore,
  after: NodeSnapshot | undefined,
): InstallFailure | undefined {
  const { version } = manifest;
  const { runs } = check;
  if (after === undefined) {
    const sentence = `The node did not settle after the installation of ${version} began, so what it runs is not known.`;
    return { nodeState: 'unknown', sentence, remedy: 'Look at the node and its log.', runsOld: false };
  }
  const wrong = verifyRunningCode(check.snapshot, after, manifest);
  const installed = isInstalled(after, version);
  if (wrong.length === 0 && installed) return undefined;
  if (!installed && releaseByCode(after, manifest.upFrom, runs)?.version === runs) {
    return { ...stillOld(version, check, after), runsOld: true };
  }
  const what = wrong.length > 0 ? wrong.join('; ') : `its code, but lists ${releasesText(after.releases)}`;
  return {
    nodeState: installed ? 'installed-not-permanent' : 'unknown',
    sentence: `${version} is ${installed ? 'installed, but not made permanent' : 'not installed'}: the node has ${what}.`,
    remedy: `Restart the node: it boots ${runs}.`,
    runsOld: false,
  };
}

function stillOld(
  version: string,
  { snapshot: before, runs }: RunBefore,
  after: NodeSnapshot,
): Omit<InstallFailure, 'runsOld'> {
  if (after.instance !== before.instance || after.osPid !== before.osPid) {
    return { nodeState: 'rebooted-into-old', sentence: `The node rebooted into ${runs}.` };
  }
  if (!environmentChanged(before, after))
    return { nodeState: 'untouched', sentence: `The node runs ${runs}.` };
  return {
    nodeState: 'environment-changed',
    sentence: `The node runs the code of ${runs}, but its application versions and configuration are already those of ${version}.`,
    remedy: `Restart the node to get ${runs} with its own configuration.`,
  };
}

/** Whether release_handler counts the version as running. */
function isInstalled({ releases }: NodeSnapshot, version: string): boolean {
  return (releases ?? []).some(
    (release) => release.version === version && /^(current|permanent)$/.test(release.status),
  );
}

/** release_handler changes versions and environment before it runs the relup, and leaves them when that is refused (H51). */
function environmentChanged(before: RunBefore['snapshot'], after: NodeSnapshot): boolean {
  const versions = (snapshot: RunBefore['snapshot']) =>
    JSON.stringify(Object.entries(snapshot.applications).sort());
  return before.environment !== after.environment || versions(before) !== versions(after);
}
