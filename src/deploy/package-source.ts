// A package that was made elsewhere, with its manifest beside it.
import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ActionError, BadInputError } from '../shared/errors.js';
import { isPathComponent, isReleaseName, isVersion } from '../shared/names.js';
import { sha256File } from '../shared/sha256.js';
import { type Manifest, type ManifestPackage } from '../model/manifest.js';
import { readManifest } from './read-manifest.js';
import { exists } from '../shared/exists.js';

/** The packages of a release, as large and with the SHA-256 that the manifest names. */
export interface FoundPackage {
  readonly manifest: Manifest;
  /** Absolute paths. */
  readonly manifestPath: string;
  /** Undefined: there is none, because nodes cannot be upgraded hot. */
  readonly upgradePath: string | undefined;
  /** Undefined: it was left behind. */
  readonly fullPath: string | undefined;
}

const SUFFIX = '.upgrade.tar.gz';
const FULL = '.tar.gz';
const MANIFEST = '.manifest.json';

/**
 * Finds manifest and packages in a folder, or beside the package that was named, and checks every package that lies
 * there against the manifest (H104).
 *
 * @throws {BadInputError} when the path leads to neither
 * @throws {ActionError} for a damaged, changed or unfinished package
 */
export async function findPackage(path: string): Promise<FoundPackage> {
  const manifestPath = await findManifest(path);
  const manifest = await readManifest(manifestPath);
  refuseStrangeNames(manifest, manifestPath);
  const { full, upgrade } = manifest.packages;
  const folder = dirname(manifestPath);
  const upgradePath = upgrade === undefined ? undefined : join(folder, upgrade.file);
  if (upgrade !== undefined) await checkPackage(join(folder, upgrade.file), upgrade);
  // Only for installations and restarts: it may have been left behind, but not be another one.
  const fullPath = join(folder, full.file);
  const isThere = upgrade === undefined || (await exists(fullPath));
  if (isThere) await checkPackage(fullPath, full);
  return { manifest, manifestPath, upgradePath, fullPath: isThere ? fullPath : undefined };
}

async function findManifest(path: string): Promise<string> {
  const found = await realpath(path).catch((cause: unknown) => {
    throw new BadInputError(`The input \`package\` is "${path}", but there is nothing.`, {
      remedy: `Write the path of a folder, or of a package that ends in ${SUFFIX}, with the manifest beside it.`,
      cause,
    });
  });
  return (await stat(found)).isDirectory() ? onlyManifest(found) : manifestOfPackage(found);
}

async function onlyManifest(folder: string): Promise<string> {
  const [only, ...others] = (await readdir(folder)).filter((name) => name.endsWith(MANIFEST)).sort();
  if (only === undefined) {
    throw new ActionError(`${folder} holds no manifest (<name>-<version>${MANIFEST}).`, {
      remedy: 'Keep packages and manifest together, as they are in the artifact.',
    });
  }
  if (others.length > 0) {
    throw new ActionError(`${folder} holds several manifests: ${[only, ...others].join(', ')}.`, {
      remedy: `Name the package that is meant, ending in ${SUFFIX}.`,
    });
  }
  return join(folder, only);
}

function manifestOfPackage(path: string): string {
  const suffix = [SUFFIX, FULL].find((one) => path.endsWith(one));
  if (suffix !== undefined) return path.slice(0, -suffix.length) + MANIFEST;
  throw new BadInputError(`The input \`package\` leads to ${path}, which does not end in ${FULL}.`, {
    remedy: 'Name a package, or the folder in which it lies with its manifest.',
  });
}

/** They become paths; an undamaged manifest may still be a hostile one. */
function refuseStrangeNames(manifest: Manifest, path: string): void {
  const { name, version, packages } = manifest;
  const files = [packages.full, packages.upgrade].filter((one) => one !== undefined);
  const members = files.flatMap((one) => one.files.map((file) => file.path));
  const good =
    isReleaseName(name) &&
    isVersion(version) &&
    files.every(({ file }) => isPathComponent(file)) &&
    members.every((member) => member.split('/').every(isPathComponent));
  if (good) return;
  throw new ActionError(`The manifest ${path} names files or versions that lead out of their folder.`, {
    remedy: 'Do not use this package: relup-action did not write this manifest.',
  });
}

async function checkPackage(path: string, expected: ManifestPackage): Promise<void> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new ActionError(`The package ${path}, which the manifest names, is missing.`, {
      remedy: 'Keep packages and manifest together, as they are in the artifact.',
      cause,
    });
  });
  if (found.size === expected.size && (await sha256File(path)) === expected.sha256) return;
  throw new ActionError(`The package ${path} was changed or damaged: it is not the one of the manifest.`, {
    remedy: 'Take the package from the artifact again; if it is the same there, build the release again.',
    details: `expected: ${expected.size} bytes, SHA-256 ${expected.sha256}\nfound: ${found.size} bytes`,
  });
}
