import { warning } from '@actions/core';
import { join, resolve } from 'node:path';
import type { DeployManifest, ReleaseCode } from '../../model/deploy-input.js';
import type { HandlerRelease, NodeSnapshot } from '../../model/node.js';
import { releasesText, runningRelease } from '../../model/node.js';
import { codeDifferences, foreignModules, moduleList, releaseByCode } from '../../node/node-code.js';
import { NodeRefusedError } from '../../shared/errors.js';

/** What a node that may be upgraded runs. */
export interface NodeCheck {
  readonly snapshot: NodeSnapshot;
  /** The version that runs, by code and by release_handler. */
  readonly runs: string;
  /** What release_handler says of the new version; undefined when it does not know it yet. */
  readonly newStatus: HandlerRelease['status'] | undefined;
}

/** Name and version become paths on the node (H68). */
export function checkVersionText({ name, version }: DeployManifest): void {
  for (const text of [name, version]) {
    if (/^[\w.+~-]+$/.test(text) && !text.startsWith('.')) continue;
    throw new NodeRefusedError(
      `The manifest's release name or version is not usable as a file name: ${text}.`,
    );
  }
}

/** Pure; each finds one thing that no deploy can change. */
export const SYSTEM_CHECKS = [checkStarted, checkOtp, checkPlatform, checkHandler] as const;

/** Pure: emulator, architecture and release_handler itself. */
export function checkSystem(manifest: DeployManifest, snapshot: NodeSnapshot): void {
  for (const check of SYSTEM_CHECKS) check(manifest, snapshot);
}

export function checkStarted(_manifest: DeployManifest, snapshot: NodeSnapshot): void {
  if (snapshot.status === 'started') return;
  throw new NodeRefusedError(
    `The node ${snapshot.node} is ${snapshot.status}, so it cannot be upgraded now.`,
    {
      remedy: 'Wait until all its applications were started.',
    },
  );
}

function checkOtp({ erts, toolchain }: DeployManifest, snapshot: NodeSnapshot): void {
  if (snapshot.erts === erts && snapshot.otp === toolchain.otpRelease) return;
  throw new NodeRefusedError(
    `The node runs OTP ${snapshot.otp} (ERTS ${snapshot.erts}), the package is for OTP ${toolchain.otpRelease} (ERTS ${erts}).`,
    {
      remedy:
        'Build with exactly the OTP that the node runs; or set `allow-restart: true`, and the node is restarted into the new release.',
    },
  );
}

export function checkPlatform({ toolchain }: DeployManifest, snapshot: NodeSnapshot): void {
  if (platformOf(snapshot.architecture) === platformOf(toolchain.architecture)) return;
  throw new NodeRefusedError(
    `The node runs on ${snapshot.architecture}, the package was built on ${toolchain.architecture}.`,
    { remedy: 'Build on the architecture that the node runs on.' },
  );
}

/** For a machine without a node; Node names processors in its own way. */
export function checkMachine({ toolchain: { architecture } }: DeployManifest): void {
  const cpu = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string] ?? process.arch;
  if (architecture.startsWith(`${cpu}-`)) return;
  throw new NodeRefusedError(
    `This machine is of the architecture ${cpu}, the package was built on ${architecture}.`,
    { remedy: 'Build on the architecture that the node runs on.' },
  );
}

/** `x86_64-pc-linux-gnu` → `x86_64-linux-gnu`: the vendor part only tells who configured the build. */
function platformOf(architecture: string): string {
  const [cpu, , ...system] = architecture.split('-');
  return [cpu, ...system].join('-');
}

function checkHandler(_manifest: DeployManifest, { releases, root, releasesDir }: NodeSnapshot): void {
  if (releases === null) {
    throw new NodeRefusedError(
      'sasl does not run on the node, so there is no release_handler to upgrade it.',
      {
        remedy:
          'Add sasl to the applications of the release, and restart the node into that once, e.g. with `allow-restart: true`.',
      },
    );
  }
  if (resolve(root, releasesDir) !== join(root, 'releases')) {
    throw new NodeRefusedError(`release_handler works in ${releasesDir}, not in ${join(root, 'releases')}.`, {
      remedy: "Remove sasl's releases_dir from sys.config and RELDIR from the service's environment.",
    });
  }
}

/** Pure: is what runs, by code, an up-from version; or the new one already (H7, H51, H73). */
export function checkRunningRelease(manifest: DeployManifest, snapshot: NodeSnapshot): NodeCheck {
  const releases = snapshot.releases ?? [];
  const running = runningRelease(releases);
  if (running === undefined || running.name !== manifest.name) {
    throw new NodeRefusedError(
      `The node runs release ${running?.name ?? 'without a name'}, the package is for ${manifest.name}.`,
      { remedy: 'Check deploy-root, and which package is deployed.' },
    );
  }
  const candidates: ReleaseCode[] = [...manifest.upFrom, manifest];
  const byCode = releaseByCode(snapshot, candidates, running.version);
  if (byCode?.version !== running.version)
    throw notUpFrom({ manifest, snapshot, version: running.version, byCode: byCode?.version });
  checkRecord(running, byCode);
  warnOfForeignModules(snapshot, byCode);
  const newStatus = releases.find(({ version }) => version === manifest.version)?.status;
  return { snapshot, runs: running.version, newStatus };
}

/** Without its applications on record, release_handler would leave their code paths as they are (H66). */
function checkRecord(running: HandlerRelease, { applications }: ReleaseCode): void {
  const all = applications.map(({ name, version }) => `${name}-${version}`);
  const unknown = all.filter((application) => !running.applications.includes(application));
  if (unknown.length === 0) return;
  throw new NodeRefusedError(
    `release_handler's record of ${running.version} (releases/RELEASES) lacks ${unknown.join(', ')}.`,
    { remedy: 'Put back the RELEASES file that was installed with the release, and restart the node.' },
  );
}

function notUpFrom({
  manifest,
  snapshot,
  version,
  byCode,
}: {
  readonly manifest: DeployManifest;
  readonly snapshot: NodeSnapshot;
  readonly version: string;
  readonly byCode: string | undefined;
}): NodeRefusedError {
  const supported = manifest.upFrom.map((release) => release.version).join(', ');
  const candidate = [...manifest.upFrom, manifest].find((release) => release.version === version);
  if (candidate === undefined) {
    return new NodeRefusedError(
      `The node runs ${manifest.name} ${version}, but the package upgrades from ${supported} only.`,
      {
        remedy: `Add ${version} to upgrade-from and make the package again; or set \`allow-restart: true\`, and the node is restarted into the new release.`,
        details: releasesText(snapshot.releases),
      },
    );
  }
  return otherCode({ name: manifest.name, snapshot, release: candidate, byCode });
}

/** What is loaded is not what the node says that it runs. */
export function otherCode({
  name,
  snapshot,
  release,
  byCode,
}: {
  readonly name: string;
  readonly snapshot: NodeSnapshot;
  readonly release: ReleaseCode;
  readonly byCode?: string | undefined;
}): NodeRefusedError {
  const { version } = release;
  const differences = codeDifferences(snapshot, release);
  const really = byCode === undefined ? '' : ` Its code is that of ${byCode}.`;
  return new NodeRefusedError(
    `The node says that it runs ${name} ${version}, but ${differences.length} of its loaded modules are not those of ${version}: ${moduleList(differences)}.${really}`,
    {
      remedy: `Restart the node into an unchanged ${version}, or build the up-from release as the installed one was built.`,
      details: differences.map(({ module, kind, file }) => `${module} ${kind} ${file}`).join('\n'),
    },
  );
}

function warnOfForeignModules(snapshot: NodeSnapshot, release: ReleaseCode): void {
  const foreign = foreignModules(snapshot, release).map(({ name }) => ({ module: name }));
  if (foreign.length > 0)
    warning(`The node has loaded modules that belong to no release: ${moduleList(foreign)}.`);
}
