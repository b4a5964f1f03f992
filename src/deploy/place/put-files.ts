import { lstat, mkdir, readdir, readlink, rename, symlink, chmod } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { explainFullDisk, replaceFile, syncAll } from '../../node/durable-file.js';
import { placeInRoot } from '../../node/inside-root.js';
import { installedPath } from '../../node/package-files.js';
import { replaceStartScript } from '../../node/release-script.js';
import { ownUser } from '../../programs/own-user.js';
import type { DeployManifest } from '../../model/deploy-input.js';
import { type PlaceContext, stagedFolder } from './place-context.js';

/** Files whose path carries no version: what is there stays until the release that boots is switched. Pure. */
export function isSwitched(
  path: string,
  { name, version }: Pick<DeployManifest, 'name' | 'version'>,
): boolean {
  const records = ['releases/RELEASES', 'releases/start_erl.data', `releases/${name}.rel`];
  return records.includes(path) || (path.startsWith('bin/') && path !== `bin/${name}-${version}`);
}

/**
 * Puts the unpacked files in place. What is there already has the same content, or it would have been refused; what boots is left
 * for the switch, unless the root was empty.
 *
 * @returns how many files were put there
 */
export async function putFiles(place: PlaceContext, way: 'install' | 'restart'): Promise<number> {
  try {
    return await putAll(place, way);
  } catch (error) {
    throw explainFullDisk(error, place.deployRoot, 'the release cannot be put in place');
  }
}

async function putAll(place: PlaceContext, way: 'install' | 'restart'): Promise<number> {
  const { deployRoot, manifest } = place;
  const staged = stagedFolder(place);
  const put: string[] = [];
  const kept: string[] = [];
  for (const entry of await readdir(staged, { recursive: true, withFileTypes: true })) {
    const from = join(entry.parentPath, entry.name);
    const path = from.slice(staged.length + 1);
    if (entry.isDirectory()) await makeFolder(deployRoot, path, (await lstat(from)).mode & 0o777);
    else if (way === 'restart' && isSwitched(path, manifest)) kept.push(from);
    else {
      const to = await placeOf(deployRoot, installedPath(path, manifest));
      if (await isThere(to)) continue;
      await move(from, to);
      put.push(to);
    }
  }
  // the switch reads what is kept for it, and after a power cut it is gone on with
  await syncAll([...put, ...kept, staged]);
  return put.length;
}

async function makeFolder(root: string, path: string, mode: number): Promise<void> {
  const folder = await placeOf(root, path);
  if (await isThere(folder)) return;
  await mkdir(folder);
  await chmod(folder, mode | 0o700);
}

/** With the folders above it. */
async function placeOf(root: string, path: string): Promise<string> {
  const folder = dirname(path);
  if (folder !== '.' && !(await isThere(join(root, folder)))) {
    const above = await placeOf(root, folder);
    await mkdir(above, { mode: 0o755 });
  }
  return placeInRoot(root, path);
}

/** A link is made anew: its name is on the disk with its folder. */
async function move(from: string, to: string): Promise<void> {
  if ((await lstat(from)).isSymbolicLink()) await symlink(await readlink(from), to);
  else await rename(from, to);
}

/** relx's tools and the start script, which carry no version: those of the release that boots now. */
export async function putScripts(place: PlaceContext): Promise<void> {
  const { deployRoot, manifest } = place;
  const { name, version } = manifest;
  for (const path of switchedScripts(place)) {
    const source = join(stagedFolder(place), path);
    if (!(await isThere(source))) continue;
    const target = await placeOf(deployRoot, path);
    await replaceFile(target, source, { ...ownUser(), mode: (await lstat(source)).mode & 0o777 });
  }
  await replaceStartScript(deployRoot, name, version);
}

/** Files of the package that a switch replaces, but for the records and the start script itself. Pure. */
export function switchedScripts({ full, manifest }: Pick<PlaceContext, 'full' | 'manifest'>): string[] {
  const others = ['releases/RELEASES', 'releases/start_erl.data', `bin/${manifest.name}`];
  return (full?.files ?? [])
    .map(({ path }) => path)
    .filter((path) => isSwitched(path, manifest) && !others.includes(path));
}

/** Also a link that leads nowhere. */
async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
