import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeployManifest, DeployPackage } from '../../model/deploy-input.js';
import type { Finding } from '../../model/finding.js';
import type { NodeSnapshot } from '../../model/node.js';
import { codeDifferences } from '../../node/node-code.js';
import type { NodeProcess } from '../../node/node-process.js';
import { compareWithPackage, type ComparisonInput } from '../../node/package-files.js';
import { NodeRefusedError } from '../../shared/errors.js';
import { exists } from '../../shared/exists.js';
import { refuseUntrusted } from '../health/check-url.js';
import { hostServiceFindings } from '../preflight/host-services.js';
import { checkMachine, checkPlatform, checkStarted, otherCode } from '../preflight/node-check.js';
import { Obstacles } from '../preflight/obstacles.js';
import { checkDigest, checkFullPackage, checkSpace, refuseInTheWay } from '../preflight/package-checks.js';
import { isSwitched } from './put-files.js';

/** What an installation or a restart finds. */
export interface PlaceCheck {
  readonly way: 'install' | 'restart';
  /** The installed release that boots now; undefined for an empty root. */
  readonly old: DeployManifest | undefined;
  /** The node that runs it. */
  readonly node: NodeProcess | undefined;
  readonly before: NodeSnapshot | undefined;
}

export interface PlaceCheckInput extends PlaceCheck {
  readonly deployRoot: string;
  readonly manifest: DeployManifest;
  /** The full package; undefined for a release that is installed. */
  readonly full: DeployPackage | undefined;
  /** Undefined for an empty root. */
  readonly comparison: ComparisonInput | undefined;
  readonly checkUrl: string;
  readonly hasStart: boolean;
  readonly findings: Finding[];
}

/**
 * Everything that can be known before anything is changed.
 *
 * @throws {ActionError} with every obstacle that was found
 */
export async function checkPlace(input: PlaceCheckInput, obstacles = new Obstacles()): Promise<PlaceCheck> {
  const { way, old, node, before, manifest, full, deployRoot, comparison } = input;
  if (full !== undefined) await obstacles.check(() => checkFull(input, full));
  if (before !== undefined) await obstacles.check(() => checkNode(input, before));
  else if (full !== undefined) await obstacles.check(() => checkMachine(manifest));
  if (old !== undefined) await obstacles.check(() => checkName(deployRoot, manifest, old));
  if (comparison !== undefined) await obstacles.check(() => checkInTheWay(comparison, input));
  if (full !== undefined) await obstacles.check(() => checkSpace(deployRoot, full));
  await obstacles.check(() => checkWritable(deployRoot));
  await obstacles.check(() => refuseUntrusted(input.checkUrl));
  input.findings.push(...(await hostServiceFindings()));
  return obstacles.without({ way, old, node, before });
}

/** The package, and that there is something to start it with. */
async function checkFull(
  { comparison, manifest: { name, version }, hasStart }: PlaceCheckInput,
  full: DeployPackage,
): Promise<void> {
  await (comparison === undefined ? checkDigest(full) : checkFullPackage(comparison));
  const paths = full.files.map(({ path }) => path);
  if (hasStart || (paths.includes(`bin/${name}`) && paths.includes(`bin/${name}-${version}`))) return;
  throw new NodeRefusedError(`The release ${name} ${version} has no start script bin/${name}.`, {
    remedy: 'Set `start-command` to what starts the service, e.g. sudo systemctl start myapp.',
  });
}

/** Pure: started, of the right architecture, and its code is that of the release that it says it runs. */
function checkNode({ manifest, old, full }: PlaceCheckInput, before: NodeSnapshot): void {
  checkStarted(manifest, before);
  if (full !== undefined) checkPlatform(manifest, before);
  if (old === undefined || codeDifferences(before, old).length === 0) return;
  throw otherCode({ name: manifest.name, snapshot: before, release: old });
}

function checkName(root: string, { name }: DeployManifest, old: DeployManifest): void {
  if (old.name === name) return;
  throw new NodeRefusedError(`The release installed in ${root} is ${old.name}, the package is for ${name}.`, {
    remedy: 'Check deploy-root, and which package is deployed.',
  });
}

/** What is there stays, so it must have the same content; but for what the switch replaces. */
async function checkInTheWay(
  comparison: ComparisonInput,
  { manifest, deployRoot, old }: PlaceCheckInput,
): Promise<void> {
  const { differing } = await compareWithPackage(comparison, old?.version ?? '');
  const isThere = await exists(join(deployRoot, 'releases', manifest.version));
  refuseInTheWay(
    comparison,
    differing.filter((path) => !isSwitched(path, manifest)),
    isThere,
  );
}

async function checkWritable(deployRoot: string): Promise<void> {
  for (const folder of ['.', 'lib', 'releases', 'bin']) {
    const path = join(deployRoot, folder);
    const may = await access(path, constants.W_OK).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
    );
    if (may) continue;
    throw new NodeRefusedError(
      `This step's user (id ${process.getuid?.() ?? 'unknown'}) cannot write to ${path}.`,
      { remedy: "Run the deploying job as the node's user or as root." },
    );
  }
}
