import { stat, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { warning } from '@actions/core';
import { NodeRefusedError } from '../shared/errors.js';
import type { DeployManifest, DeployPackage, ReleaseCode } from './deploy-input.js';
import { sha256File } from '../shared/sha256.js';
import { codeDifferences, foreignModules, moduleList, releaseByCode } from './node-code.js';
import { releasesText, runningRelease, type HandlerRelease, type NodeSnapshot } from './node-state.js';
import { compareWithPackage, type ComparisonInput } from './package-files.js';

/** What a node that may be upgraded runs. */
export interface NodeCheck {
  readonly snapshot: NodeSnapshot;
  /** The version that runs, by code and by release_handler. */
  readonly runs: string;
  /** What release_handler says of the new version; undefined when it does not know it yet. */
  readonly newStatus: HandlerRelease['status'] | undefined;
}

/**
 * Everything that can be known before anything is changed (H7, H12, H64, H68, H98).
 *
 * @throws {NodeRefusedError} in one sentence, naming what runs and what is supported.
 */
export async function checkNode(input: ComparisonInput, snapshot: NodeSnapshot): Promise<NodeCheck> {
  const { manifest, upgradePackage, deployRoot } = input;
  checkVersionText(manifest);
  checkSystem(manifest, snapshot);
  const check = checkRunningRelease(manifest, snapshot);
  if (check.runs === manifest.version) return check;
  await checkPackageFile(upgradePackage);
  await checkSpace(deployRoot, upgradePackage);
  await checkFilesInTheWay(input);
  return check;
}

/** Name and version become paths on the node (H68). */
function checkVersionText({ name, version }: DeployManifest): void {
  for (const text of [name, version]) {
    if (/^[\w.+~-]+$/.test(text) && !text.startsWith('.')) continue;
    throw new NodeRefusedError(
      `The manifest's release name or version is not usable as a file name: ${text}.`,
    );
  }
}

/** Pure: emulator, architecture and release_handler itself. */
export function checkSystem(manifest: DeployManifest, snapshot: NodeSnapshot): void {
  const { toolchain } = manifest;
  if (snapshot.status !== 'started') {
    throw new NodeRefusedError(
      `The node ${snapshot.node} is ${snapshot.status}, so it cannot be upgraded now.`,
      {
        remedy: 'Wait until all its applications were started.',
      },
    );
  }
  if (snapshot.erts !== manifest.erts || snapshot.otp !== toolchain.otpRelease) {
    throw new NodeRefusedError(
      `The node runs OTP ${snapshot.otp} (ERTS ${snapshot.erts}), the package is for OTP ${toolchain.otpRelease} (ERTS ${manifest.erts}).`,
      { remedy: 'Build with exactly the OTP that the node runs, or restart the node into the new release.' },
    );
  }
  if (platformOf(snapshot.architecture) !== platformOf(toolchain.architecture)) {
    throw new NodeRefusedError(
      `The node runs on ${snapshot.architecture}, the package was built on ${toolchain.architecture}.`,
      { remedy: 'Build on the architecture that the node runs on.' },
    );
  }
  checkHandler(snapshot);
}

/** `x86_64-pc-linux-gnu` → `x86_64-linux-gnu`: the vendor part only tells who configured the build. */
function platformOf(architecture: string): string {
  const [cpu, , ...system] = architecture.split('-');
  return [cpu, ...system].join('-');
}

function checkHandler({ releases, root, releasesDir }: NodeSnapshot): void {
  if (releases === null) {
    throw new NodeRefusedError(
      'sasl does not run on the node, so there is no release_handler to upgrade it.',
      {
        remedy: 'Add sasl to the applications of the release, and restart the node into that once.',
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
    throw notUpFrom(manifest, snapshot, running.version, byCode?.version);
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

function notUpFrom(
  manifest: DeployManifest,
  snapshot: NodeSnapshot,
  version: string,
  byCode: string | undefined,
): NodeRefusedError {
  const supported = manifest.upFrom.map((release) => release.version).join(', ');
  const candidate = [...manifest.upFrom, manifest].find((release) => release.version === version);
  if (candidate === undefined) {
    return new NodeRefusedError(
      `The node runs ${manifest.name} ${version}, but the package upgrades from ${supported} only.`,
      {
        remedy: `Add ${version} to upgrade-from and make the package again.`,
        details: releasesText(snapshot.releases),
      },
    );
  }
  const differences = codeDifferences(snapshot, candidate);
  const really = byCode === undefined ? '' : ` Its code is that of ${byCode}.`;
  return new NodeRefusedError(
    `The node says that it runs ${manifest.name} ${version}, but ${differences.length} of its loaded modules are not those of ${version}: ${moduleList(differences)}.${really}`,
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

async function checkPackageFile({ path, sha256 }: DeployPackage): Promise<void> {
  if ((await sha256File(path)) === sha256) return;
  throw new NodeRefusedError(`The package ${path} is not the one in the manifest: its SHA-256 differs.`, {
    remedy: 'Download package and manifest again, from the same artifact.',
  });
}

/** The package and all that it holds must fit at the same time (H67). */
async function checkSpace(deployRoot: string, { path, files }: DeployPackage): Promise<void> {
  const needed = files.reduce((sum, { size }) => sum + size, (await stat(path)).size);
  const { bavail, bsize } = await statfs(deployRoot);
  if (bavail * bsize >= needed) return;
  const mib = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`;
  throw new NodeRefusedError(
    `${deployRoot} has ${mib(bavail * bsize)} free, but the upgrade needs ${mib(needed)}.`,
    { remedy: 'Free some space, e.g. by removing old releases.' },
  );
}

/** release_handler keeps files that exist, so what differs would silently stay (H64). */
async function checkFilesInTheWay(input: ComparisonInput): Promise<void> {
  const { differing } = await compareWithPackage(input);
  const { name, version } = input.manifest;
  const inTheWay = [...differing];
  const copy = join(input.deployRoot, 'releases', `${name}-${version}.tar.gz`);
  if (await stat(copy).catch(() => undefined)) {
    if ((await sha256File(copy)) !== input.upgradePackage.sha256)
      inTheWay.push(`releases/${name}-${version}.tar.gz`);
  }
  const [first] = inTheWay;
  if (first === undefined) return;
  throw new NodeRefusedError(
    `${input.deployRoot} holds files with other content than the package's, which would stay: ${inTheWay.slice(0, 5).join(', ')}${inTheWay.length > 5 ? ` and ${inTheWay.length - 5} more` : ''}.`,
    {
      remedy:
        'Remove what an earlier attempt left, or give the application whose files changed a new version.',
      details: inTheWay.join('\n'),
    },
  );
}
