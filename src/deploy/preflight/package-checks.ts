import { stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ErlangError } from '../../programs/erlang-answer.js';
import { NodeRefusedError } from '../../shared/errors.js';
import { exists } from '../../shared/exists.js';
import { sha256File } from '../../shared/sha256.js';
import type { DeployPackage } from '../../model/deploy-input.js';
import { compareWithPackage, type ComparisonInput } from '../../node/package-files.js';
import { some } from '../../shared/some.js';

/** Room that is left to the node: its logs must not fill the disk while it is upgraded. */
const MARGIN = 16 * 2 ** 20;

/** Where a release has its files. */
const LAYOUT = /^(?:lib|releases|bin|erts-[^/]+)(?:\/|$)/;

interface Member {
  readonly name: string;
  readonly type: string;
}

/**
 * The package is the manifest's, bit by bit (H104), and can be unpacked without harm (H105). Nothing has read it before.
 *
 * @throws {NodeRefusedError}
 */
export async function checkPackage(input: ComparisonInput): Promise<void> {
  const { name, version } = input.manifest;
  // under this name release_handler looks for it
  await checkMade(input, [`releases/${name}-${version}.rel`]);
}

/** The same for a full package. */
export async function checkFullPackage(input: ComparisonInput): Promise<void> {
  await checkMade(input, []);
}

async function checkMade(input: ComparisonInput, needed: readonly string[]): Promise<void> {
  await checkDigest(input.upgradePackage);
  checkMembers(await safeMembers(input), input, needed);
}

async function safeMembers({ erlang, upgradePackage, privateFolder }: ComparisonInput): Promise<Member[]> {
  try {
    return await erlang.query<Member[]>('check-tarball', [upgradePackage.path, privateFolder]);
  } catch (error) {
    if (!(error instanceof ErlangError)) throw error;
    const { message, details } = error;
    throw new NodeRefusedError(message, {
      remedy: 'Use the package as relup-action made it.',
      details,
      cause: error,
    });
  }
}

/** @throws {NodeRefusedError} unless the package is the manifest's, bit by bit */
export async function checkDigest({ path, sha256 }: DeployPackage): Promise<void> {
  if ((await sha256File(path)) === sha256) return;
  throw new NodeRefusedError(`The package ${path} is not the one in the manifest: its SHA-256 differs.`, {
    remedy: 'Download package and manifest again, from the same artifact.',
  });
}

/** Pure: what the package holds is what its manifest lists, and lies where releases have their files. */
function checkMembers(
  members: readonly Member[],
  { upgradePackage, manifest }: Pick<ComparisonInput, 'upgradePackage' | 'manifest'>,
  more: readonly string[],
): void {
  const files = members.filter(({ type }) => type === 'file').map(({ name }) => name);
  const listed = new Set(upgradePackage.files.map(({ path }) => path));
  const needed = [...more, `releases/${manifest.version}/start.boot`];
  const wrong = [
    ...members
      .filter((member) => !LAYOUT.test(member.name))
      .map((member) => `${member.name} lies outside of it`),
    ...files.filter((file) => !listed.has(file)).map((file) => `${file} is not listed`),
    ...[...listed].filter((file) => !files.includes(file)).map((file) => `${file} is missing`),
    ...needed.filter((file) => !files.includes(file)).map((file) => `${file} is missing`),
  ];
  const [first] = wrong;
  if (first === undefined) return;
  throw new NodeRefusedError(
    `The package ${upgradePackage.path} is not the release that its manifest describes: ${first}.`,
    { remedy: 'Use package and manifest as relup-action made them.', details: wrong.join('\n') },
  );
}

/** The package, all that it holds and some more must fit at the same time (H67). @throws {NodeRefusedError} */
export async function checkSpace(deployRoot: string, { path, files }: DeployPackage): Promise<void> {
  const needed = files.reduce((sum, { size }) => sum + size, (await stat(path)).size) + MARGIN;
  // each may be a file system of its own
  for (const name of ['lib', 'releases']) {
    const inside = join(deployRoot, name);
    const folder = await existing(inside);
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize >= needed) continue;
    throw new NodeRefusedError(
      `${folder} has ${mib(bavail * bsize)} free, but the upgrade needs ${mib(needed)}.`,
      { remedy: 'Free some space, e.g. by removing old releases.' },
    );
  }
}

/** Itself, or what it will be made in. */
async function existing(path: string): Promise<string> {
  return (await exists(path)) || dirname(path) === path ? path : existing(dirname(path));
}

function mib(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20)} MiB`;
}

/**
 * release_handler keeps files that exist, so what differs would silently stay (H64).
 *
 * @param runs the release version that the node runs
 * @param isThere whether release_handler knows the version already: then it was unpacked from another package (H63)
 * @throws {NodeRefusedError}
 */
export async function checkFilesInTheWay(
  input: ComparisonInput,
  runs: string,
  isThere: boolean,
): Promise<void> {
  const { differing } = await compareWithPackage(input, runs);
  const { name, version } = input.manifest;
  const inTheWay = [...differing];
  const copy = join(input.deployRoot, 'releases', `${name}-${version}.tar.gz`);
  if (await stat(copy).catch(() => undefined)) {
    if ((await sha256File(copy)) !== input.upgradePackage.sha256)
      inTheWay.push(`releases/${name}-${version}.tar.gz`);
  }
  refuseInTheWay(input, inTheWay, isThere);
}

/** Pure. @throws {NodeRefusedError} when something is in the way */
export function refuseInTheWay(
  { deployRoot, manifest: { version } }: Pick<ComparisonInput, 'deployRoot' | 'manifest'>,
  inTheWay: readonly string[],
  isThere: boolean,
): void {
  if (inTheWay.length === 0) return;
  const details = inTheWay.join('\n');
  const shown = some(inTheWay);
  if (isThere) {
    throw new NodeRefusedError(
      `The node has a release ${version} already, but from another package: ${shown} differ.`,
      { remedy: 'Raise the release version: a version that was installed once must not change.', details },
    );
  }
  throw new NodeRefusedError(
    `${deployRoot} holds files with other content than the package's, which would stay: ${shown}.`,
    {
      remedy:
        'Remove what an earlier attempt left, or give the application whose files changed a new version.',
      details,
    },
  );
}

/** Going back needs the old release's files, too (H88). @throws {NodeRefusedError} */
export async function checkWayBack(
  { deployRoot, manifest }: Pick<ComparisonInput, 'deployRoot' | 'manifest'>,
  runs: string,
): Promise<void> {
  const release = manifest.upFrom.find(({ version }) => version === runs);
  const folders = [`releases/${runs}`, ...(release?.applications ?? []).map(({ dir }) => dir)];
  const missing: string[] = [];
  for (const folder of folders) {
    if ((await stat(join(deployRoot, folder)).catch(() => undefined)) === undefined) missing.push(folder);
  }
  if (missing.length > 0) {
    throw new NodeRefusedError(
      `${deployRoot} lacks ${missing.join(', ')} of ${runs}, so the node could neither go back nor boot it again.`,
      { remedy: `Put the files of ${runs} back, from its full package.` },
    );
  }
  const { relup } = manifest;
  if (relup == null || relup.down.some(({ version }) => version === runs)) return;
  throw new NodeRefusedError(
    `The relup of ${manifest.version} has no way back to ${runs}, so a failed upgrade could not be undone.`,
    { remedy: 'Add the downgrade to the appups, or set `on-failure: leave`.' },
  );
}
